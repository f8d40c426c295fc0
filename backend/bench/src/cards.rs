//! What a sign-in by card costs, whole: a ceremony begun, a TLS connection with the card's certificate, its judgement, a session.

mod issuers;
mod responder;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::SignedDuration;
use portique_domain::clock::{Clock as _, TurnableClock};
use portique_server::adapters::SystemClock;
use portique_shared::api::session::SignInAnswer;
use portique_test_authority::OcspResponder;

use self::issuers::{Holder, Issuers};
use self::responder::Responder;
use crate::client::{CardSignIns, Done, Order, Work};
use crate::remote::Remote;
use crate::server::{CARD_HOST, Kind, Server, Setting, let_minutes_pass};
use crate::{meter, people, report};

const CONNECTIONS: usize = 8;
/// Cards, each of an account of its own: enough that no two connections show the same one at once.
const CARDS: u32 = 32;
/// Long enough for each card to have been asked for once.
const WARM_UP: f64 = 2.0;
const SECONDS: f64 = 20.0;
/// A portal takes 3,000 ceremonies a minute: here a minute passes each second, and less time than an answer of a responder is kept.
const MINUTE: Duration = Duration::from_secs(1);

/// Who tells whether a card was revoked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Lists alone.
    ByLists,
    /// A responder too, whose answers are kept for an hour.
    Kept,
    /// A responder too, whose answers are over at once: each sign-in asks it.
    Anew,
}

impl Told {
    const ALL: [Self; 3] = [Self::ByLists, Self::Kept, Self::Anew];

    const fn words(self) -> &'static str {
        match self {
            Self::ByLists => "revocations by list",
            Self::Kept => "by list and OCSP, answers kept",
            Self::Anew => "by list and OCSP, asked each time",
        }
    }

    /// How long an answer of the responder is good, where there is one.
    const fn lasts(self) -> Option<SignedDuration> {
        match self {
            Self::ByLists => None,
            Self::Kept => Some(SignedDuration::from_hours(1)),
            Self::Anew => Some(SignedDuration::ZERO),
        }
    }
}

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    let issuers = Issuers::new();
    let holders = issuers.cards(CARDS)?;
    for told in Told::ALL {
        sign_ins(kind, told, &issuers, &holders).await?;
    }
    Ok(())
}

async fn sign_ins(kind: Kind, told: Told, issuers: &Issuers, holders: &[Holder]) -> anyhow::Result<()> {
    let database = kind.database().await;
    let clock = Arc::new(TurnableClock::new(Arc::new(SystemClock)));
    let responder = match told.lasts() {
        Some(lasts) => {
            let answers = OcspResponder {
                delegate: Some(issuers.ocsp_signer()),
                lasts,
                ..OcspResponder::new(issuers.people.clone())
            };
            Some(Responder::start(answers, clock.clone()).await?)
        }
        None => None,
    };
    let folder = tempfile::tempdir()?;
    let url = responder.as_ref().map(|responder| responder.url.as_str());
    let setting = Setting {
        portal: &format!("[card]\nurl = \"https://{CARD_HOST}\"\n"),
        tables: &issuers.write(folder.path(), clock.now(), url)?,
        ..Setting::default()
    };
    let server = Server::start_as(&database, clock.clone(), &setting).await?;
    let numbers: Vec<_> = holders.iter().map(|holder| holder.number.clone()).collect();
    people::create_numbered(&server.tools, &server.portal.name, &numbers).await?;
    let order = Order {
        server: server.address,
        work: Work::Cards(CardSignIns {
            host: server.card_address.context("TLS ends in the server")?,
            trusted: issuers.root.certificate().to_vec(),
            cards: holders.iter().map(|holder| holder.card.clone()).collect(),
        }),
        connections: CONNECTIONS,
        warm_up: WARM_UP,
        seconds: SECONDS,
        pace: None,
    };
    let mut client = Remote::start()?;

    let minutes = tokio::spawn(let_minutes_pass(clock, MINUTE));
    let cpu = meter::cpu_time();
    let done = client.run(&order).await?;
    let cpu = meter::cpu_time().saturating_sub(cpu);
    minutes.abort();
    let questions = responder.as_ref().map(Responder::answered);
    let cpu = cpu.saturating_sub(questions.map(|answered| answered.cpu).unwrap_or_default());
    let questions = questions.map_or(0, |answered| answered.questions);
    all_signed_in(&done, told, questions)?;

    report::title(format!(
        "Sign-ins by card, {CONNECTIONS} connections, {}, on {}",
        told.words(),
        kind.name()
    ))?;
    report::line("sign-ins a second", format!("{:.0}", done.per_second), "")?;
    report::line(
        "from beginning to session: median, p99",
        format!("{:.2}, {:.2}", done.median_ms, done.p99_ms),
        "ms",
    )?;
    report::line(
        "CPU of the server a sign-in",
        per_sign_in(cpu.as_secs_f64(), &done),
        "ms",
    )?;
    report::line(
        "the load's own CPU a sign-in, not counted above",
        per_sign_in(done.cpu, &done),
        "ms",
    )?;
    report::line(
        "sign-ins, questions to the responder",
        format!("{}, {questions}", done.requests),
        "",
    )?;
    server.stop().await
}

/// Every sign-in ended in a session, and the responder was asked as often as the measurement says.
fn all_signed_in(done: &Done, told: Told, questions: u64) -> anyhow::Result<()> {
    anyhow::ensure!(
        done.statuses.keys().eq([&200]),
        "cards were refused: {:?} {}",
        done.statuses,
        done.sample
    );
    let answer: SignInAnswer = serde_json::from_str(&done.sample)?;
    anyhow::ensure!(
        matches!(answer, SignInAnswer::SignedIn(_)),
        "a card alone should be enough: {}",
        done.sample
    );
    let expected = match told {
        Told::ByLists => 0,
        Told::Kept => u64::from(CARDS),
        Told::Anew => done.requests,
    };
    anyhow::ensure!(
        questions == expected,
        "the responder was asked {questions} times, not {expected}"
    );
    Ok(())
}

/// Milliseconds of the processor.
#[expect(clippy::cast_precision_loss, reason = "some thousands of sign-ins")]
fn per_sign_in(seconds: f64, done: &Done) -> String {
    format!("{:.2}", seconds * 1e3 / done.requests as f64)
}
