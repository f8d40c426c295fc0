//! Whether a stranger can tell by the time that an answer takes who has an account: sign-in, the recoveries and the
//! reminder, for people who have an account, who have none, and whose account is disabled.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use anyhow::Context as _;
use axum::Router;
use portique_domain::account::AccountStatus;
use portique_domain::entropy::{Entropy, random_bytes};
use portique_server::adapters::SystemEntropy;
use portique_shared::api::paths;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::mann_whitney::p_value;
use crate::server::{HOST, Kind, Server};
use crate::statistics::Samples;
use crate::{people, report};

/// Requests of each kind of person in a run.
const EACH: usize = 2_000;
/// Runs, each on a database of its own.
const RUNS: usize = 4;
/// What a run may get without being told apart.
const BOUND: f64 = 0.01;
/// Requests from one address before the next: fewer than its limits.
const FROM_ONE_ADDRESS: usize = 50;

/// What is asked.
#[derive(Clone, Copy)]
enum Flow {
    SignIn,
    PasswordByEmail,
    PasswordByIdentifier,
    Reminder,
}

impl Flow {
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in with a wrong password",
            Self::PasswordByEmail => "lost password by e-mail",
            Self::PasswordByIdentifier => "lost password by identifier, masked address shown",
            Self::Reminder => "lost identifier",
        }
    }

    /// What the portal's file says over its preset for it.
    const fn portal(self) -> &'static str {
        match self {
            Self::PasswordByIdentifier => {
                "[recovery.password]\nby = \"identifier\"\nmasked_domains = { \"exemple.example\" = 80, elsewhere = 20 }\n"
            }
            _ => "",
        }
    }

    fn request(self, identifier: &str) -> Vec<u8> {
        let email = format!("{identifier}@exemple.example");
        // None of these holds anything that JSON would write otherwise.
        let (path, body) = match self {
            Self::SignIn => (
                paths::SESSION,
                format!(r#"{{"identifier":"{identifier}","password":"Portique#2026-wrong"}}"#),
            ),
            Self::PasswordByEmail => (paths::RECOVERY_PASSWORD, format!(r#"{{"subject":"{email}"}}"#)),
            Self::PasswordByIdentifier => (
                paths::RECOVERY_PASSWORD,
                format!(r#"{{"subject":"{identifier}"}}"#),
            ),
            Self::Reminder => (paths::RECOVERY_IDENTIFIER, format!(r#"{{"subject":"{email}"}}"#)),
        };
        format!(
            "POST {path} HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }
}

/// Whose names are asked for, in the order of the columns.
const WHO: [&str; 3] = ["known", "unknown", "disabled"];

pub async fn run(kind: Kind) -> anyhow::Result<()> {
    for flow in [
        Flow::PasswordByEmail,
        Flow::PasswordByIdentifier,
        Flow::Reminder,
        Flow::SignIn,
    ] {
        report::title(format!("{}, on {}", flow.name(), kind.name()))?;
        let mut told_apart = [0; 2];
        for _ in 0..RUNS {
            let times = one_run(kind, flow).await?;
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
                &format!("of {RUNS}   at most 1: {verdict}"),
            )?;
        }
    }
    Ok(())
}

/// The milliseconds of each answer, by who was asked for.
#[expect(clippy::disallowed_methods, reason = "what measures needs a stopwatch")]
async fn one_run(kind: Kind, flow: Flow) -> anyhow::Result<[Vec<f64>; 3]> {
    let database = kind.database().await;
    let server = Server::start_as(&database, Router::new(), Router::new(), "paca", flow.portal()).await?;
    // Hashed once: whose hash it is costs the same.
    let accounts = people::create_alike(&server.tools, &server.portal.name, 2 * EACH).await?;
    let mut unit = server.tools.store.begin().await?;
    for account in &accounts[EACH..] {
        unit.set_status(account.id, AccountStatus::Disabled).await?;
    }
    unit.commit().await?;

    let mut times: [Vec<f64>; 3] = Default::default();
    let mut connection = None;
    let order = shuffled(3 * EACH, &SystemEntropy);
    for (turn, place) in order.into_iter().enumerate() {
        let (who, person) = (place % 3, place / 3);
        let identifier = match who {
            0 => people::identifier(person),
            1 => format!("personne.inconnue.{person}"),
            _ => people::identifier(EACH + person),
        };
        if turn % FROM_ONE_ADDRESS == 0 {
            connection = Some(connect(server.address, turn / FROM_ONE_ADDRESS).await?);
        }
        let stream = connection.as_mut().context("a connection was made")?;
        let request = flow.request(&identifier);
        let start = Instant::now();
        stream.write_all(&request).await?;
        let answer = answer(stream).await?;
        times[who].push(start.elapsed().as_secs_f64() * 1_000.0);
        anyhow::ensure!(
            answer.starts_with("HTTP/1.1 401") || answer.starts_with("HTTP/1.1 202"),
            "another answer than everybody's: {answer}"
        );
    }
    server.stop().await?;
    Ok(times)
}

/// From an address of its own: all of 127.0.0.0/8 is this machine.
async fn connect(server: SocketAddr, number: usize) -> anyhow::Result<TcpStream> {
    let [.., high, low] = u32::try_from(number + 1).unwrap_or(u32::MAX).to_be_bytes();
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::new(127, 2, high, low), 0).into())?;
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// One answer, which tells its length.
async fn answer(stream: &mut TcpStream) -> anyhow::Result<String> {
    let mut read = Vec::with_capacity(2_048);
    loop {
        anyhow::ensure!(stream.read_buf(&mut read).await? > 0, "the server hung up");
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, length)| length.parse::<usize>().ok())
            .context("the answer tells no length")?;
        if body.len() >= length {
            return Ok(text.into_owned());
        }
    }
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
