//! The command line.

mod account;
mod account_seen;
mod account_update;
mod audit;
mod cards;
mod import;
mod outbox;
mod progress;
mod reference;
mod request;
mod serve;
mod stuck;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::use_cases::Tools;

use crate::adapters::{SystemClock, SystemEntropy};
use crate::application::{Surroundings, tools};
use crate::config::Config;
use crate::site::Site;

/// The front door of a health portal.
#[derive(Parser)]
#[command(name = "portique", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The settings' file.
    #[arg(
        long,
        global = true,
        env = "PORTIQUE_CONFIG",
        default_value = "portique.toml",
        value_name = "FILE"
    )]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portals.
    Serve(serve::Serve),
    /// Read the configuration and tell all that is wrong with it.
    CheckConfig,
    /// Give people accounts.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Look at the queue of messages.
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Look up what became of a request for help.
    #[command(subcommand)]
    Reference(reference::ReferenceCommand),
    /// Decide on accounts that people ask for.
    #[command(subcommand)]
    Request(request::RequestCommand),
    /// Read the audit trail.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Look at what is known of revoked cards.
    #[command(subcommand)]
    Cards(cards::CardsCommand),
}

/// Runs the command; what went wrong comes back as one plain text.
pub async fn run(cli: Cli, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => serve::run(&serve, &cli.config, out).await,
        Command::CheckConfig => check_config(&cli.config, out),
        Command::Account(command) => account::run(command, &Config::read(&cli.config)?, out).await,
        Command::Outbox(command) => outbox::run(&command, &Config::read(&cli.config)?, out).await,
        Command::Reference(command) => reference::run(&command, &Config::read(&cli.config)?, out).await,
        Command::Request(command) => request::run(&command, &Config::read(&cli.config)?, out).await,
        Command::Audit(command) => audit::run(&command, &Config::read(&cli.config)?, out).await,
        Command::Cards(command) => cards::run(&command, &Config::read(&cli.config)?, out),
    }
}

fn check_config(file: &std::path::Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let config = Config::check(file)?;
    for site in config.sites.iter() {
        writeln!(
            out,
            "{}: {} ({})",
            site.portal.name,
            site.portal.public_url,
            site.hosts.join(", ")
        )?;
    }
    writeln!(out, "{}: good", file.display())?;
    Ok(())
}

/// The system's time and randomness.
fn system() -> Surroundings {
    Surroundings {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    }
}

/// What the commands work with; they hash nothing, so that one thread is enough.
async fn command_tools(config: &Config) -> anyhow::Result<Tools> {
    tools(config, system(), 1).await
}

/// «1 message», «2 messages».
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The portal called `name`, or which there are.
fn site_named<'a>(config: &'a Config, name: &str) -> anyhow::Result<&'a Arc<Site>> {
    let found = PortalName::parse(name)
        .ok()
        .and_then(|name| config.sites.by_name(&name));
    found.ok_or_else(|| {
        let known: Vec<_> = config
            .sites
            .iter()
            .map(|site| site.portal.name.to_string())
            .collect();
        anyhow::anyhow!("no portal is called «{name}» (there are: {})", known.join(", "))
    })
}

/// A reference as a person copied it or read it out.
fn read_reference(text: &str) -> anyhow::Result<Reference> {
    Reference::parse(text)
        .with_context(|| format!("«{text}» is no reference (expected one such as K7QM-2XPA)"))
}
