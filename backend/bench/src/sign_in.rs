//! What a sign-in costs: the product's, over HTTP, beside argon2id alone.

use std::time::Duration;

use axum::Router;

use crate::bare_hash::{self, BareHashing};
use crate::client::{Order, Work};
use crate::remote::Remote;
use crate::report::{self, Target};
use crate::server::{Kind, Server};
use crate::statistics::Samples;
use crate::{meter, people};

/// Each signs in again and again, but never twice at once.
const PEOPLE: usize = 128;
const ROUNDS: usize = 11;
const WARM_UP: f64 = 0.15;
const SECONDS: f64 = 0.8;
/// While one is hashed others wait for the network and the database: enough of them that no core waits.
const CONNECTIONS_PER_CORE: usize = 4;

/// What the rounds of one comparison gave.
#[derive(Default)]
struct Rounds {
    hash_cpu: Samples,
    sign_in_cpu: Samples,
    cpu_ratio: Samples,
    hashes: Samples,
    sign_ins: Samples,
    rate_ratio: Samples,
    client_cpu: Samples,
    median_ms: Samples,
}

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    let database = kind.database().await;
    let server = Server::start(&database, Router::new(), Router::new()).await?;
    let accounts = people::create(&server.tools, &server.portal.name, PEOPLE).await?;
    for hash in accounts.iter().filter_map(|account| account.password.hash()) {
        bare_hash::check(hash.as_str())?;
    }
    let cores = meter::cores();
    let mut bare = BareHashing::new(cores)?;
    let mut client = Remote::start()?;

    report::title(format!("Sign-in on {}, one at a time", kind.name()))?;
    let alone = compare(&server, &mut client, &mut bare, 1, 1).await?;
    tell(&alone)?;
    report::title(format!("Sign-in on {}, on all {cores} cores", kind.name()))?;
    let crowd = compare(
        &server,
        &mut client,
        &mut bare,
        cores,
        cores * CONNECTIONS_PER_CORE,
    )
    .await?;
    tell(&crowd)?;
    report::line("bare hashes a second", &crowd.hashes, "")?;
    report::line("sign-ins a second", &crowd.sign_ins, "")?;
    report::ratio("sign-ins ÷ hashes", &crowd.rate_ratio, Target::AtLeast(0.90))?;
    server.stop().await
}

/// Round after round, both sides: what disturbs the machine disturbs both. The first round is for warming up.
async fn compare(
    server: &Server,
    client: &mut Remote,
    bare: &mut BareHashing,
    threads: usize,
    connections: usize,
) -> anyhow::Result<Rounds> {
    let order = Order {
        server: server.address,
        work: Work::SignIn { people: PEOPLE },
        connections,
        warm_up: WARM_UP,
        seconds: SECONDS,
        pace: None,
    };
    let mut rounds = Rounds::default();
    for round in 0..=ROUNDS {
        let hashed = bare.run(threads, Duration::from_secs_f64(SECONDS))?;
        let cpu = meter::cpu_time();
        let done = client.run(&order).await?;
        let cpu = meter::cpu_time().saturating_sub(cpu);
        anyhow::ensure!(
            done.statuses.keys().eq([&200]),
            "sign-ins were refused: {:?} {}",
            done.statuses,
            done.sample
        );
        if round == 0 {
            continue;
        }
        let each = |seconds: f64| per_request(seconds, done.requests);
        let sign_in_cpu = each(cpu.as_secs_f64());
        rounds.hash_cpu.push(hashed.cpu_ms);
        rounds.sign_in_cpu.push(sign_in_cpu);
        rounds.cpu_ratio.push(sign_in_cpu / hashed.cpu_ms);
        rounds.hashes.push(hashed.per_second);
        rounds.sign_ins.push(done.per_second);
        rounds.rate_ratio.push(done.per_second / hashed.per_second);
        rounds.client_cpu.push(each(done.cpu));
        rounds.median_ms.push(done.median_ms);
    }
    Ok(rounds)
}

/// Milliseconds a request.
#[expect(clippy::cast_precision_loss, reason = "some hundreds of requests")]
fn per_request(seconds: f64, requests: u64) -> f64 {
    seconds * 1e3 / requests as f64
}

fn tell(rounds: &Rounds) -> std::io::Result<()> {
    report::line("CPU of a bare hash", &rounds.hash_cpu, "ms")?;
    report::line("CPU of a sign-in, HTTP in to HTTP out", &rounds.sign_in_cpu, "ms")?;
    report::ratio("sign-in ÷ hash, CPU", &rounds.cpu_ratio, Target::AtMost(1.15))?;
    report::line(
        "from request to answer (median of each round)",
        &rounds.median_ms,
        "ms",
    )?;
    report::line(
        "the load's own CPU a sign-in, not counted above",
        &rounds.client_cpu,
        "ms",
    )
}
