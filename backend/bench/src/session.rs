//! What reading the session costs: the product's endpoint beside its query alone.

use portique_shared::api::paths;
use portique_shared::api::session::SessionState;

use crate::client::{Done, Order, Work};
use crate::remote::Remote;
use crate::report::{self, Target};
use crate::server::{Kind, Server};
use crate::statistics::Samples;
use crate::{bare_session, meter, people};

const SESSIONS: usize = 64;
const ROUNDS: usize = 11;
const WARM_UP: f64 = 0.1;
const SECONDS: f64 = 0.7;
const CONNECTIONS: usize = 8;

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    let database = kind.database().await;
    let bare = bare_session::router(kind, &database.url()).await?;
    let server = Server::start(&database, bare).await?;
    let accounts = people::create(&server.tools, &server.portal.name, SESSIONS).await?;
    let sessions = people::start_sessions(&server.tools, server.portal.sessions, &accounts).await?;
    let order = |path: &str| Order {
        server: server.address,
        work: Work::Get {
            path: path.to_owned(),
            sessions: sessions.clone(),
        },
        connections: CONNECTIONS,
        warm_up: WARM_UP,
        seconds: SECONDS,
        pace: None,
    };
    let (ours, theirs) = (order(paths::SESSION), order(bare_session::PATH));
    let mut client = Remote::start()?;
    // The first round warms up, and shows that both do the same.
    let (first, other) = (
        asked(&mut client, &ours).await?,
        asked(&mut client, &theirs).await?,
    );
    same_answer(&first.done.sample, &other.done.sample)?;

    let mut rates = [Samples::default(), Samples::default(), Samples::default()];
    let mut cpus = [Samples::default(), Samples::default(), Samples::default()];
    for round in 0..ROUNDS {
        // Each side goes first every other time.
        let (ours, theirs) = if round % 2 == 0 {
            let ours = asked(&mut client, &ours).await?;
            (ours, asked(&mut client, &theirs).await?)
        } else {
            let theirs = asked(&mut client, &theirs).await?;
            (asked(&mut client, &ours).await?, theirs)
        };
        let (rate, bare_rate) = (ours.done.per_second, theirs.done.per_second);
        for (samples, value) in rates.iter_mut().zip([bare_rate, rate, rate / bare_rate]) {
            samples.push(value);
        }
        let (cpu, bare_cpu) = (ours.cpu_us, theirs.cpu_us);
        for (samples, value) in cpus.iter_mut().zip([bare_cpu, cpu, bare_cpu / cpu]) {
            samples.push(value);
        }
    }
    report::title(format!("GET {} on {}", paths::SESSION, kind.name()))?;
    report::line("the query alone, with sqlx: answers a second", &rates[0], "")?;
    report::line("the product: answers a second", &rates[1], "")?;
    report::ratio("product ÷ query alone, answers", &rates[2], Target::AtLeast(0.85))?;
    report::line("the query alone: the server's CPU a request", &cpus[0], "µs")?;
    report::line("the product: the server's CPU a request", &cpus[1], "µs")?;
    report::line("query alone ÷ product, CPU", &cpus[2], "")?;
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
