//! How many people who lost their password can ask for a link at once, and how fast the queue answers them.

use std::sync::Arc;
use std::time::Duration;

use portique_domain::clock::TurnableClock;
use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_domain::recovery::Wish;
use portique_server::adapters::SystemClock;
use portique_shared::api::paths;
use portique_shared::api::recovery::RecoveryBy;

use crate::client::{Order, Work};
use crate::remote::Remote;
use crate::server::{Kind, Server, Setting, let_minutes_pass};
use crate::{meter, people, report};

const CONNECTIONS: usize = 8;
const WARM_UP: f64 = 0.5;
/// How long the requests go on, if there are so many.
const SECONDS: f64 = 10.0;
/// Between two looks at whether the queue is empty: each reads all of it, with the processors that empty it.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A portal takes a few hundred requests a minute: here a minute passes ten times a second.
const MINUTE: Duration = Duration::from_millis(100);
/// More than are ever there.
const ALL: u64 = 1_000_000;

/// At most `requests`.
pub async fn run(kind: Kind, requests: usize) -> anyhow::Result<()> {
    let database = kind.database().await;
    let clock = Arc::new(TurnableClock::new(Arc::new(SystemClock)));
    let server = Server::start_as(
        &database,
        clock.clone(),
        &Setting {
            preset: "paca",
            ..Setting::default()
        },
    )
    .await?;
    let known = requests / 2;
    people::create_alike(&server.tools, &server.portal.name, known).await?;
    let mut asking = Remote::start()?;

    let minutes = tokio::spawn(let_minutes_pass(Arc::clone(&clock), MINUTE));
    let start = meter::now();
    let done = asking
        .run(&Order {
            server: server.address,
            work: Work::LostPassword { known },
            connections: CONNECTIONS,
            warm_up: WARM_UP,
            seconds: SECONDS,
            pace: None,
        })
        .await?;
    minutes.abort();
    let asked_in = start.elapsed().as_secs_f64();
    anyhow::ensure!(
        done.statuses.keys().eq([&202]),
        "not every request was taken down: {:?}",
        done.statuses
    );
    let at_end = Settled::count(&server).await?;
    server.quiet(&clock, LOOK_EVERY).await?;
    let all_in = start.elapsed().as_secs_f64();
    let all = Settled::count(&server).await?;
    let dead = server.tools.store.messages(Some(DeliveryState::Dead), 1).await?;
    anyhow::ensure!(
        dead.is_empty(),
        "a message was given up: {:?}",
        dead[0].last_error
    );

    report::title(format!(
        "Lost passwords by e-mail, {CONNECTIONS} connections, on {}",
        kind.name()
    ))?;
    report::line("requests taken down", done.requests, "")?;
    report::line(
        &format!("POST {} per second", paths::RECOVERY_PASSWORD),
        format!("{:.0}", done.per_second),
        "",
    )?;
    report::line(
        "an answer: median, p99",
        format!("{:.2}, {:.2}", done.median_ms, done.p99_ms),
        "ms",
    )?;
    report::line(
        "looked up in the end, mails sent",
        pair(all.lookups, all.mails),
        "",
    )?;
    report::line(
        "of them by the last request's answer",
        pair(at_end.lookups, at_end.mails),
        "",
    )?;
    report::line(
        "lookups, mails per second while asked",
        at_end.per_second(&Settled::default(), asked_in),
        "",
    )?;
    report::line(
        "lookups, mails per second afterwards",
        all.per_second(&at_end, all_in - asked_in),
        "",
    )?;
    report::line(
        "queue empty after the last request's answer",
        format!("{:.1}", all_in - asked_in),
        "s",
    )?;
    server.stop().await
}

/// Messages done with.
#[derive(Clone, Copy, Default)]
struct Settled {
    lookups: usize,
    mails: usize,
}

impl Settled {
    async fn count(server: &Server) -> anyhow::Result<Self> {
        let settled = server
            .tools
            .store
            .messages(Some(DeliveryState::Sent), ALL)
            .await?;
        let asked = Wish::Password {
            by: RecoveryBy::Email,
            subject: String::new(),
        };
        let is_lookup = |message: &&QueuedMessage| message.kind == asked.kind();
        let lookups = settled.iter().filter(is_lookup).count();
        Ok(Self {
            lookups,
            mails: settled.len() - lookups,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "some thousands of messages")]
    fn per_second(self, before: &Self, seconds: f64) -> String {
        let rate = |now: usize, before: usize| (now - before) as f64 / seconds;
        format!(
            "{:.0}, {:.0}",
            rate(self.lookups, before.lookups),
            rate(self.mails, before.mails)
        )
    }
}

fn pair(first: usize, second: usize) -> String {
    format!("{first}, {second}")
}
