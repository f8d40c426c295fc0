//! What a flood of sign-ins does to those who are signed in already, and to the server's memory.

use axum::Router;
use portique_shared::api::paths;

use crate::client::{Done, Order, Work};
use crate::remote::Remote;
use crate::server::{Kind, Server};
use crate::{meter, people, report};

const CLIENTS: usize = 200;
const SECONDS: f64 = 20.0;
/// People who sign in rightly during the flood, and people whose password is tried.
const RIGHT: usize = 200;
const WRONG: usize = 100;
/// Those who are signed in: each asks for its session every so often, before the flood and during it.
const OTHERS: usize = 8;
const PACE_MS: u64 = 20;
const IDLE_SECONDS: f64 = 5.0;
/// Answers that a flood may get: signed in, refused, too many tries, busy.
const EXPECTED: [u16; 4] = [200, 401, 429, 503];

/// What the server may grow by, as it is built (MiB).
mod bound {
    /// The working memory of each hashing thread.
    pub const HASH: usize = 19;
    /// SQLite's page cache, for each reader and the writer.
    pub const SQLITE: usize = 2 * 9;
    /// Buffers of sixteen connections, and what their requests hold.
    pub const SIXTEEN_CLIENTS: usize = 1;
}

#[expect(clippy::cast_precision_loss, reason = "some mebibytes")]
pub async fn run(kind: Kind) -> anyhow::Result<()> {
    let database = kind.database().await;
    let server = Server::start(&database, Router::new(), Router::new()).await?;
    let accounts = people::create(&server.tools, &server.portal.name, RIGHT + WRONG).await?;
    let lifetimes = server.portal.sessions;
    let sessions = people::start_sessions(&server.tools, lifetimes, &accounts[..OTHERS]).await?;
    let others = |warm_up, seconds| Order {
        server: server.address,
        work: Work::Get {
            path: paths::SESSION.into(),
            sessions: sessions.clone(),
        },
        connections: OTHERS,
        warm_up,
        seconds,
        pace: Some(PACE_MS),
    };
    let flood = Order {
        server: server.address,
        work: Work::Flood {
            right: RIGHT,
            wrong: WRONG,
        },
        connections: CLIENTS,
        warm_up: 0.0,
        seconds: SECONDS,
        pace: None,
    };
    let (mut flooding, mut asking) = (Remote::start()?, Remote::start()?);

    let idle = asking.run(&others(0.5, IDLE_SECONDS)).await?;
    meter::forget_peak()?;
    let before = meter::own_memory()?;
    let cpu = meter::cpu_time();
    let during = others(1.0, SECONDS - 2.0);
    let (flooded, busy) = tokio::try_join!(flooding.run(&flood), asking.run(&during))?;
    let cpu = (meter::cpu_time().saturating_sub(cpu)).as_secs_f64();
    let after = meter::own_memory()?;

    report::title(format!(
        "{CLIENTS} clients flood the sign-in for {SECONDS:.0} s, on {}",
        kind.name()
    ))?;
    let session = format!("GET {}", paths::SESSION);
    report::line(
        &format!("{session}, idle: median, p99"),
        pair(idle.median_ms, idle.p99_ms),
        "ms",
    )?;
    report::line(
        &format!("{session}, flood: median, p99"),
        pair(busy.median_ms, busy.p99_ms),
        "ms",
    )?;
    report::line(
        "p99 in the flood ÷ p99 idle",
        format!("{:.1}", busy.p99_ms / idle.p99_ms),
        "",
    )?;
    for (status, count) in &flooded.statuses {
        report::line(&format!("answers {status}"), count, "")?;
    }
    report::line(
        "a sign-in's answer: median, p99",
        pair(flooded.median_ms, flooded.p99_ms),
        "ms",
    )?;
    report::line(
        "CPU of the server, of the flood's process",
        pair(cpu, flooded.cpu),
        "s",
    )?;
    report::line(
        "memory before, at its peak",
        pair(before.resident, after.peak),
        "MiB",
    )?;
    let sqlite = if kind == Kind::Sqlite { bound::SQLITE } else { 0 };
    let clients = CLIENTS.div_ceil(16) * bound::SIXTEEN_CLIENTS;
    let bound = meter::cores() * bound::HASH + sqlite + clients;
    let grown = after.peak - before.resident;
    let verdict = if grown <= bound as f64 { "met" } else { "MISSED" };
    report::line(
        "growth",
        format!("{grown:.1}"),
        &format!("MiB   at most {bound}: {verdict}"),
    )?;

    no_surprise(&flooded, &busy)?;
    server.stop().await
}

/// Only the answers that a flood may get, and every request of those signed in served.
fn no_surprise(flooded: &Done, busy: &Done) -> anyhow::Result<()> {
    let unexpected: Vec<_> = flooded
        .statuses
        .keys()
        .filter(|status| !EXPECTED.contains(status))
        .collect();
    anyhow::ensure!(
        unexpected.is_empty(),
        "the flood got other answers: {unexpected:?}"
    );
    anyhow::ensure!(
        busy.statuses.keys().eq([&200]),
        "those signed in were not all served: {:?}",
        busy.statuses
    );
    Ok(())
}

fn pair(first: f64, second: f64) -> String {
    format!("{first:.2}, {second:.2}")
}
