//! Whether a stranger can tell by the time that an answer takes who has an account: sign-in, the recoveries and the
//! reminder, and whatever comes behind a request, for people who have an account, who have none, and whose account is
//! disabled.

mod flow;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::ValueEnum;
use portique_domain::account::AccountStatus;
use portique_domain::clock::TurnableClock;
use portique_domain::entropy::{Entropy, random_bytes};
use portique_server::adapters::{SystemClock, SystemEntropy};

pub use flow::Flow;

use crate::client::{Connection, one_of_many};
use crate::mann_whitney::p_value;
use crate::server::{Kind, Server, Setting};
use crate::statistics::Samples;
use crate::{meter, people, report};

/// What a run may get without being told apart.
const BOUND: f64 = 0.01;
/// Requests from one address before the next: fewer than its limits.
const FROM_ONE_ADDRESS: usize = 50;
/// Between two looks at whether the queue is empty.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Extent {
    /// Requests of each kind of person in a run.
    pub each: usize,
    /// Runs, each on a database of its own.
    pub runs: usize,
}

/// Whose names are asked for, in the order of the columns.
const WHO: [&str; 3] = ["known", "unknown", "disabled"];

/// One flow, or all of them.
pub async fn run(kind: Kind, flow: Option<Flow>, extent: Extent) -> anyhow::Result<()> {
    let chosen = |other: &&Flow| flow.is_none_or(|flow| flow == **other);
    for &flow in Flow::value_variants().iter().filter(chosen) {
        report::title(format!("{}, on {}", flow.name(), kind.name()))?;
        let mut told_apart = [0; 2];
        for _ in 0..extent.runs {
            let times = one_run(kind, flow, extent.each).await?;
            let medians = times
                .iter()
                .map(|times| format!("{:.3}", times.iter().copied().collect::<Samples>().median()))
                .collect::<Vec<_>>()
                .join(", ");
            report::line(&format!("median: {}", WHO.join(", ")), medians, "ms")?;
            for (other, told) in told_apart.iter_mut().enumerate() {
                let p = p_value(&times[0], &times[other + 1]);
                *told += usize::from(p <= BOUND);
                report::line(
                    &format!("p, known against {}", WHO[other + 1]),
                    format!("{p:.3}"),
                    "",
                )?;
            }
        }
        for (other, told) in told_apart.iter().enumerate() {
            let verdict = if *told <= 1 { "met" } else { "MISSED" };
            report::line(
                &format!("runs in which {} shows", WHO[other + 1]),
                told,
                &format!("of {}   at most 1: {verdict}", extent.runs),
            )?;
        }
    }
    Ok(())
}

/// The milliseconds of each answer, by who was asked for.
async fn one_run(kind: Kind, flow: Flow, each: usize) -> anyhow::Result<[Vec<f64>; 3]> {
    let database = kind.database().await;
    let clock = Arc::new(TurnableClock::new(Arc::new(SystemClock)));
    let server = Server::start_as(
        &database,
        clock.clone(),
        &Setting {
            preset: "paca",
            portal: flow.portal(),
            ..Setting::default()
        },
    )
    .await?;
    // Hashed once: whose hash it is costs the same.
    let accounts = people::create_alike(&server.tools, &server.portal.name, 2 * each).await?;
    let mut unit = server.tools.store.begin().await?;
    for account in &accounts[each..] {
        unit.set_status(account.id, AccountStatus::Disabled).await?;
    }
    unit.commit().await?;

    let mut times: [Vec<f64>; 3] = Default::default();
    let mut connection = None;
    let order = shuffled(3 * each, &SystemEntropy);
    for (turn, place) in order.into_iter().enumerate() {
        let (who, person) = (place % 3, place / 3);
        let identifier = match who {
            0 => people::identifier(person),
            1 => format!("personne.inconnue.{person}"),
            _ => people::identifier(each + person),
        };
        if turn % FROM_ONE_ADDRESS == 0 {
            // A minute later, so that what a portal takes in one is not reached, and from an address of its own.
            clock.advance(60);
            let from = one_of_many(2, turn / FROM_ONE_ADDRESS).into();
            connection = Some(Connection::open(server.address, from).await?);
        }
        let connection = connection.as_mut().context("a connection was made")?;
        if let Some(before) = flow.before(&identifier) {
            // A stranger who has time waits until nothing else is under way.
            server.quiet(&clock, LOOK_EVERY).await?;
            let status = connection.ask(&before).await?.status;
            anyhow::ensure!(status == 202, "what comes before was answered {status}");
        }
        let requests = flow.timed(&identifier, turn);
        let start = meter::now();
        for request in &requests {
            let status = connection.ask(request).await?.status;
            anyhow::ensure!(
                status == flow.status(),
                "another answer than everybody's: {status}"
            );
        }
        times[who].push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    server.stop().await?;
    Ok(times)
}

/// 0 to `count`, in an order that nothing else follows: what one request leaves to do meets any of the next.
fn shuffled(count: usize, entropy: &dyn Entropy) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let place = u64::from_be_bytes(random_bytes(entropy)) % (last as u64 + 1);
        order.swap(last, usize::try_from(place).unwrap_or_default());
    }
    order
}
