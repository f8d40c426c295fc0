//! What reading the session costs: the product's endpoint beside its query alone.

use portique_shared::api::paths;
use portique_shared::api::session::SessionState;

use crate::bare_session::Pool;
use crate::client::{Done, Order, Work};
use crate::remote::Remote;
use crate::report::{self, Target};
use crate::server::{Kind, Server};
use crate::statistics::Samples;
use crate::{meter, people};

const SESSIONS: usize = 64;
const ROUNDS: usize = 11;
const WARM_UP: f64 = 0.1;
const SECONDS: f64 = 0.6;
const CONNECTIONS: usize = 8;

/// The product; the query alone among its routes, with the same checks, headers and log around it; the query with nothing
/// around it at all.
const PATHS: [&str; 3] = [paths::SESSION, "/bare/session", "/bare/session/alone"];

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    let database = kind.database().await;
    let bare = Pool::open(kind, &database.url()).await?;
    let server = Server::start(&database, bare.route(PATHS[2]), bare.route(PATHS[1])).await?;
    let accounts = people::create(&server.tools, &server.portal.name, SESSIONS).await?;
    let sessions = people::start_sessions(&server.tools, server.portal.sessions, &accounts).await?;
    let order = |path: &str, sessions: &[String]| Order {
        server: server.address,
        work: Work::Get {
            path: path.to_owned(),
            sessions: sessions.to_vec(),
        },
        connections: CONNECTIONS,
        warm_up: WARM_UP,
        seconds: SECONDS,
        pace: None,
    };
    let mut client = Remote::start()?;
    // One session alone shows that all do the same, and warms up.
    let mut answers = Vec::new();
    for path in PATHS {
        let asked = asked(&mut client, &order(path, &sessions[..1])).await?;
        answers.push(asked.done.sample);
    }
    same_answer(&answers[0], &answers[1])?;
    same_answer(&answers[0], &answers[2])?;

    let mut rates: [Samples; 3] = Default::default();
    let mut cpus: [Samples; 3] = Default::default();
    let mut rate_ratios: [Samples; 2] = Default::default();
    let mut cpu_ratios: [Samples; 2] = Default::default();
    for round in 0..ROUNDS {
        let (mut rate, mut cpu) = ([0.0; 3], [0.0; 3]);
        for turn in 0..PATHS.len() {
            // Each goes first every third time.
            let side = (round + turn) % PATHS.len();
            let asked = asked(&mut client, &order(PATHS[side], &sessions)).await?;
            (rate[side], cpu[side]) = (asked.done.per_second, asked.cpu_us);
        }
        for side in 0..PATHS.len() {
            rates[side].push(rate[side]);
            cpus[side].push(cpu[side]);
        }
        for other in 0..2 {
            rate_ratios[other].push(rate[0] / rate[other + 1]);
            cpu_ratios[other].push(cpu[0] / cpu[other + 1]);
        }
    }
    report::title(format!("GET {} on {}", paths::SESSION, kind.name()))?;
    report::line("the product: answers a second", &rates[0], "")?;
    report::line("the query with sqlx in its place", &rates[1], "")?;
    report::line("the same with nothing around it", &rates[2], "")?;
    report::ratio(
        "product ÷ query in its place, answers",
        &rate_ratios[0],
        Target::AtLeast(0.85),
    )?;
    report::line("product ÷ query with nothing around it", &rate_ratios[1], "")?;
    report::line("the product: the server's CPU a request", &cpus[0], "µs")?;
    report::line("product ÷ query in its place, CPU", &cpu_ratios[0], "")?;
    report::line("product ÷ query with nothing around, CPU", &cpu_ratios[1], "")?;
    server.stop().await
}

struct Asked {
    done: Done,
    /// Microseconds of this process's processor time a request.
    cpu_us: f64,
}

#[expect(clippy::cast_precision_loss, reason = "some thousands of requests")]
async fn asked(client: &mut Remote, order: &Order) -> anyhow::Result<Asked> {
    let cpu = meter::cpu_time();
    let done = client.run(order).await?;
    let cpu = meter::cpu_time().saturating_sub(cpu);
    anyhow::ensure!(
        done.statuses.keys().eq([&200]),
        "answers were not all good: {:?} {}",
        done.statuses,
        done.sample
    );
    let cpu_us = cpu.as_secs_f64() * 1e6 / done.requests as f64;
    Ok(Asked { done, cpu_us })
}

/// Whether both sides tell the same of the same session (the hour apart).
fn same_answer(ours: &str, theirs: &str) -> anyhow::Result<()> {
    let read = |text: &str| -> anyhow::Result<_> {
        match serde_json::from_str(text)? {
            SessionState::SignedIn(mut view) => {
                view.now.clear();
                Ok(view)
            }
            SessionState::Anonymous => anyhow::bail!("a session was not found: {text}"),
        }
    };
    anyhow::ensure!(
        read(ours)? == read(theirs)?,
        "the two sides of the comparison answer differently:\n{ours}\n{theirs}"
    );
    Ok(())
}
