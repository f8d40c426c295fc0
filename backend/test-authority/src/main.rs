//! `portique-test-authority`: writes a folder of sample cards, and answers for its authorities.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portique_test_authority::folder::{self, Plan};
use portique_test_authority::serve;
use tokio::net::TcpListener;

/// An authority of fictitious cards, for tests and the demo.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write authorities, lists, a TLS certificate and sample cards into a folder. Keys that are there are kept.
    Make {
        #[arg(long, value_name = "FOLDER")]
        into: PathBuf,
        /// The day that it is written for [default: today].
        #[arg(long, value_name = "YYYY-MM-DD")]
        at: Option<Date>,
        /// A name or an address of the host that asks for cards; may be given several times [default: the demo's].
        // One by one: browsers take no `*.localhost`.
        #[arg(long = "host", value_name = "HOST", hide_default_value = true, default_values = [
            "localhost", "carte.localhost", "paca.localhost", "normandie.localhost", "aura.localhost", "127.0.0.1",
        ])]
        hosts: Vec<String>,
        /// Where `serve` will answer; the cards say so.
        #[arg(long, default_value = "http://localhost:8879")]
        url: String,
    },
    /// Answer on loopback with lists of revoked cards and by OCSP, until ended. Says where, for port 0.
    Serve {
        #[arg(long, value_name = "FOLDER")]
        from: PathBuf,
        #[arg(long, default_value_t = 8879)]
        port: u16,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done when standard error is closed.
            drop(writeln!(io::stderr(), "portique-test-authority: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Make { into, at, hosts, url } => {
            let at = match at {
                Some(day) => day.to_zoned(TimeZone::UTC)?.timestamp(),
                None => now(),
            };
            let plan = Plan {
                into: into.clone(),
                at,
                hosts,
                url,
                chance: &mut chance,
            };
            folder::make(plan).with_context(|| format!("{} can't be written", into.display()))
        }
        Command::Serve { from, port } => {
            let router = serve::router(&from, Arc::new(now))
                .with_context(|| format!("{} is no folder that `make` wrote", from.display()))?;
            let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
            writeln!(io::stdout(), "Listening on http://{}", listener.local_addr()?)?;
            Ok(axum::serve(listener, router).await?)
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the machine for the time"
)]
fn now() -> Timestamp {
    Timestamp::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the machine for randomness"
)]
fn chance() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("without randomness no key can be made");
    bytes
}
