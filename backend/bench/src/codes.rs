//! What the second step costs: codes verified a second, the time from «Connexion» to the code in the mail server's or Kannel's hands, and
//! what guessing is worth.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portique_delivery::testing::Kannel;
use portique_domain::account::{Account, AccountId};
use portique_domain::outbox::{DeliveryState, QueuedMessage, SIGN_IN_CODE};
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::second_step::{CODE_LIFETIME, PendingSignIn, SentCode, StepToken, Verified, seal};
use portique_domain::throttle::{Throttle, ThrottleKey, ThrottleKind};
use portique_domain::use_cases::Tools;
use portique_server::adapters::SystemClock;
use portique_shared::api::second_step::Destination;
use portique_shared::types::OneTimeCode;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::client::{Connection, Order, Work, one_of_many, strong_sign_in};
use crate::remote::Remote;
use crate::server::{Kind, Server, Setting};
use crate::statistics::Samples;
use crate::{people, report};

/// Sign-ins that wait for their code.
const WAITING: usize = 6_000;
const CONNECTIONS: usize = 8;
/// Right for all of them: what it costs to judge one does not depend on its digits.
const CODE: &str = "012345";

/// Sign-ins a second, each for a code, and for how long.
const SIGN_INS_A_SECOND: u64 = 50;
const SECONDS: usize = 20;

/// Days in which somebody guesses, and the digits' combinations.
const DAYS: u32 = 100_000_000;
const CODES: u32 = 1_000_000;

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    verifications(kind).await?;
    deliveries(kind, Carrier::Mail).await?;
    deliveries(kind, Carrier::Sms).await?;
    guesses()
}

/// Right codes, each of a sign-in of its own, over HTTP.
async fn verifications(kind: Kind) -> anyhow::Result<()> {
    let database = kind.database().await;
    let setting = Setting {
        preset: "paca",
        ..Setting::default()
    };
    let server = Server::start_as(&database, Arc::new(SystemClock), &setting).await?;
    people::create_alike(&server.tools, &server.portal.name, WAITING).await?;
    let accounts = server
        .tools
        .store
        .accounts(&server.portal.name, None, WAITING as u64)
        .await?;
    let steps = let_wait(&server.tools, &accounts).await?;
    let mut client = Remote::start()?;
    let done = client
        .run(&Order {
            server: server.address,
            work: Work::TypeCodes {
                steps,
                code: CODE.to_owned(),
            },
            connections: CONNECTIONS,
            warm_up: 0.3,
            seconds: 60.0,
            pace: None,
        })
        .await?;
    anyhow::ensure!(
        done.statuses.keys().eq([&200]),
        "codes were refused: {:?} {}",
        done.statuses,
        done.sample
    );
    report::title(format!(
        "One-time codes, {CONNECTIONS} connections, on {}",
        kind.name()
    ))?;
    report::line("codes verified a second", format!("{:.0}", done.per_second), "")?;
    report::line(
        "from request to answer: median, p99",
        format!("{:.2}, {:.2}", done.median_ms, done.p99_ms),
        "ms",
    )?;
    server.stop().await
}

/// Lets a sign-in of each account wait for [`CODE`]; gives the cookies' values.
async fn let_wait(tools: &Tools, accounts: &[Account]) -> anyhow::Result<Vec<String>> {
    let now = tools.clock.now();
    let entropy = tools.entropy.as_ref();
    let code = OneTimeCode::parse(CODE).map_err(|_| anyhow::anyhow!("six digits"))?;
    let mut steps = Vec::with_capacity(accounts.len());
    let mut unit = tools.store.begin().await?;
    for account in accounts {
        let hash = account.password.hash();
        let hash = hash.ok_or_else(|| anyhow::anyhow!("everybody has a password here"))?;
        let token = StepToken::generate(entropy);
        let mut pending = PendingSignIn::start(&token, account, Verified::Password(hash.clone()), now);
        pending.sent = Some(SentCode {
            seal: seal(&tools.keyring, pending.token, &code),
            to: Destination::Email,
            reference: Reference::generate(entropy),
            sent_at: now,
            expires_at: now + CODE_LIFETIME,
            wrong: 0,
        });
        unit.insert_pending_sign_in(&pending).await?;
        steps.push(token.as_str().to_owned());
    }
    unit.commit().await?;
    Ok(steps)
}

/// How a code travels.
#[derive(Clone, Copy)]
enum Carrier {
    Mail,
    /// By a real Kannel.
    Sms,
}

impl Carrier {
    const fn taker(self) -> &'static str {
        match self {
            Self::Mail => "the mail server",
            Self::Sms => "Kannel",
        }
    }

    /// The portal's keys that leave it the only way, so that no choice comes first.
    const fn portal(self) -> &'static str {
        match self {
            Self::Mail => "[second_factor]\nsms = \"nobody\"\n",
            Self::Sms => "[second_factor]\nemail = \"nobody\"\nsms_per_day = 100000\n",
        }
    }
}

/// Sign-ins at a steady pace, and for each the time until its code was taken.
async fn deliveries(kind: Kind, carrier: Carrier) -> anyhow::Result<()> {
    let database = kind.database().await;
    let kannel = match carrier {
        Carrier::Mail => None,
        Carrier::Sms => Some(Kannel::start().await),
    };
    let mut setting = Setting {
        preset: "paca",
        portal: carrier.portal(),
        ..Setting::default()
    };
    if let Some(kannel) = &kannel {
        setting.sms_port = kannel.sendsms;
    }
    let server = Server::start_as(&database, Arc::new(SystemClock), &setting).await?;
    let count = usize::try_from(SIGN_INS_A_SECOND)? * SECONDS;
    let accounts = people::create(&server.tools, &server.portal.name, count).await?;
    let pressed = press(&server, count).await?;
    let mut looks = interval(Duration::from_millis(200));
    let queued = Some(DeliveryState::Queued);
    while !server.tools.store.messages(queued, 1).await?.is_empty() {
        looks.tick().await;
    }
    let owners: HashMap<AccountId, Timestamp> = accounts
        .iter()
        .filter_map(|account| Some((account.id, *pressed.get(account.record.identifier.as_str())?)))
        .collect();
    let sent = server
        .tools
        .store
        .messages(Some(DeliveryState::Sent), 1_000_000)
        .await?;
    let codes = sent.iter().filter(|message| message.kind == SIGN_IN_CODE);
    let waits: Vec<f64> = codes.filter_map(|message| waited(message, &owners)).collect();
    anyhow::ensure!(waits.len() == count, "{} codes of {count} left", waits.len());
    let waits: Samples = waits.into_iter().collect();
    report::title(format!(
        "From «Connexion» to {}, {SIGN_INS_A_SECOND} sign-ins a second, on {}",
        carrier.taker(),
        kind.name()
    ))?;
    report::line(
        "median, p99",
        format!("{:.0}, {:.0}", waits.median(), waits.quantile(0.99)),
        "ms",
    )?;
    server.stop().await
}

/// Each person presses the button, one after the other at that pace; gives when, by identifier.
async fn press(server: &Server, count: usize) -> anyhow::Result<HashMap<String, Timestamp>> {
    let mut ticks = interval(Duration::from_millis(1_000 / SIGN_INS_A_SECOND));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut asking = JoinSet::new();
    for number in 0..count {
        ticks.tick().await;
        let to = server.address;
        let pressed = server.tools.clock.now();
        asking.spawn(async move {
            // A crowd's addresses: one alone meets the limit by the minute.
            let from = one_of_many(2, number).into();
            let mut connection = Connection::open(to, from).await?;
            let status = connection.ask(&strong_sign_in(number)).await?.status;
            anyhow::ensure!(status == 200, "a sign-in was refused: {status}");
            anyhow::Ok((people::identifier(number), pressed))
        });
    }
    let mut pressed = HashMap::new();
    while let Some(done) = asking.join_next().await {
        let (identifier, at) = done??;
        pressed.insert(identifier, at);
    }
    Ok(pressed)
}

/// Milliseconds from the button to what was written down when the mail server had taken the code.
fn waited(message: &QueuedMessage, pressed: &HashMap<AccountId, Timestamp>) -> Option<f64> {
    let pressed = pressed.get(&message.account?)?;
    Some(message.due_at.duration_since(*pressed).as_secs_f64() * 1e3)
}

/// Somebody who has a password and guesses codes, as often as the limits let them: by the limits' own code.
fn guesses() -> anyhow::Result<()> {
    let tries = judged_in_a_day()?;
    let computed = f64::from(tries) / f64::from(CODES);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut passed = 0_u32;
    for _ in 0..DAYS {
        // Each code is guessed at five times at most, each guess another; the next code is as unknown as the first.
        let hit = (0..tries).any(|_| below(&mut state, u64::from(CODES)) == 0);
        passed += u32::from(hit);
    }
    report::title(format!("Guessing the code of one account, {DAYS} days"))?;
    report::line("codes judged in 24 hours", tries, "")?;
    report::line("chance a day, computed", format!("{computed:.2e}"), "")?;
    let simulated = f64::from(passed) / f64::from(DAYS);
    report::line("chance a day, simulated", format!("{simulated:.2e}"), "")?;
    report::line(
        "an application's code, three of which are good at a time",
        format!("{:.2e}", computed * 3.0),
        "a day",
    )?;
    Ok(())
}

/// How many tries the limits take from one account in 24 hours, from somebody who never pauses.
fn judged_in_a_day() -> anyhow::Result<u32> {
    let start: Timestamp = "2026-01-05T08:00:00Z".parse()?;
    let portal = PortalName::parse("paca")?;
    let key = ThrottleKey::text(ThrottleKind::CodeWrong, &portal, "somebody");
    let mut throttle = Throttle::fresh(key, start);
    let mut now = start;
    let mut judged = 0;
    while now < start + SignedDuration::from_hours(24) {
        match throttle.reserve(now) {
            Ok(()) => judged += 1,
            Err(blocked) => now += blocked.retry_after,
        }
    }
    Ok(judged)
}

/// A number below `bound`, of a generator (`SplitMix64`) that is good enough for a simulation.
fn below(state: &mut u64, bound: u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % bound
}
