//! Measures Portique against what it stands on, in one run: medians and ratios, since times differ from machine to machine.
//!
//! Each program runs in a process of its own, so that none inherits the memory of another, and its load comes from another
//! process still, so that what the load costs is not counted as the server's. `docs/benchmarks.md` says what is measured and how.

mod bare_hash;
mod bare_session;
mod blind;
mod captcha;
mod card_list;
mod cards;
mod client;
mod codes;
mod flood;
mod import;
mod lost_password;
mod mail_server;
mod mann_whitney;
mod meter;
mod oracle;
mod people;
mod remote;
mod report;
mod server;
mod session;
mod sign_in;
mod statistics;

use std::path::PathBuf;
use std::process::Command;

use clap::{Parser, Subcommand};

/// Measures Portique.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    program: Program,
}

#[derive(Subcommand)]
enum Program {
    /// All of them, on SQLite and on the PostgreSQL server that `PORTIQUE_TEST_POSTGRES` names.
    All {
        /// The `portique` program.
        #[arg(long)]
        portique: PathBuf,
        /// The program that makes up people and a directory's extraction.
        #[arg(long)]
        generate: PathBuf,
    },
    /// What a sign-in costs beside its hash.
    SignIn { database: server::Kind },
    /// What reading the session costs beside its query.
    Session { database: server::Kind },
    /// What 200 clients that flood the sign-in do to the others.
    Flood { database: server::Kind },
    /// Whether answers take longer for people who have an account.
    Oracle {
        database: server::Kind,
        /// One flow alone.
        #[arg(long)]
        flow: Option<oracle::Flow>,
        /// Requests of each kind of person in a run; with more than 2,200, some flows meet a portal's limit of a day.
        #[arg(long, default_value_t = 2_000)]
        each: usize,
        /// Runs, each on a database of its own.
        #[arg(long, default_value_t = 4)]
        runs: usize,
    },
    /// How many people who lost their password are served a second, and how fast the queue answers them.
    LostPassword {
        database: server::Kind,
        /// At most so many.
        #[arg(long, default_value_t = 19_000)]
        requests: usize,
    },
    /// What one-time codes cost, how fast they leave, and what guessing them is worth.
    Codes { database: server::Kind },
    /// What a sign-in by card costs, by where its revocation is told.
    Cards { database: server::Kind },
    /// How long a list of a million revoked cards takes to load, and what memory.
    CardList,
    /// What clicking captchas blindly is worth, with the limits and without.
    Blind {
        database: server::Kind,
        /// Pictures asked for.
        #[arg(long, default_value_t = 10_000)]
        challenges: usize,
    },
    /// How long 100,000 people take to import.
    Import {
        #[arg(long)]
        portique: PathBuf,
        #[arg(long)]
        generate: PathBuf,
    },
    /// What a captcha's picture costs.
    Captcha,
    /// The load: reads orders, one a line, and answers each.
    #[command(hide = true)]
    Client,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().program {
        Program::All { portique, generate } => all(portique, generate),
        Program::Captcha => captcha::run(),
        Program::Client => client::serve_orders(),
        Program::SignIn { database } => on_all_cores(sign_in::run(database)),
        Program::Session { database } => on_all_cores(session::run(database)),
        Program::Flood { database } => on_all_cores(flood::run(database)),
        Program::Oracle {
            database,
            flow,
            each,
            runs,
        } => on_all_cores(oracle::run(database, flow, oracle::Extent { each, runs })),
        Program::LostPassword { database, requests } => on_all_cores(lost_password::run(database, requests)),
        Program::Codes { database } => on_all_cores(codes::run(database)),
        Program::Cards { database } => on_all_cores(cards::run(database)),
        Program::CardList => on_all_cores(card_list::run()),
        Program::Blind { database, challenges } => on_all_cores(blind::run(database, challenges)),
        Program::Import { portique, generate } => on_all_cores(import::run(&portique, &generate)),
    }
}

/// The runtime that `portique` itself uses.
fn on_all_cores(program: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(program)
}

fn all(portique: PathBuf, generate: PathBuf) -> anyhow::Result<()> {
    let myself = std::env::current_exe()?;
    let run = |command: &mut Command| {
        let status = command.status()?;
        anyhow::ensure!(status.success(), "a measurement failed");
        anyhow::Ok(())
    };
    for program in [
        "sign-in",
        "session",
        "flood",
        "lost-password",
        "codes",
        "cards",
        "oracle",
    ] {
        for database in ["sqlite", "postgres"] {
            run(Command::new(&myself).args([program, database]))?;
        }
    }
    run(Command::new(&myself).arg("captcha"))?;
    run(Command::new(&myself).arg("card-list"))?;
    // What is counted does not depend on the database.
    run(Command::new(&myself).args(["blind", "sqlite"]))?;
    run(Command::new(&myself)
        .arg("import")
        .arg("--portique")
        .arg(portique)
        .arg("--generate")
        .arg(generate))
}
