//! `portique request`: accounts that people ask for.

use std::io::Write;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::profession;
use portique_domain::store::StoreError;
use portique_domain::use_cases::applications::{DecideError, accept, delete, refuse};
use portique_shared::types::Identifier;

use super::stuck::warn_if_stuck;
use super::{command_tools, count, read_reference, site_named};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum RequestCommand {
    /// List requests, the oldest first; those that wait for a decision unless told otherwise.
    List {
        /// Only on this portal.
        #[arg(long)]
        portal: Option<String>,
        #[arg(long, default_value = "waiting")]
        state: State,
        /// At most this many.
        #[arg(long, default_value_t = 100)]
        limit: u64,
    },
    /// Give the person an account; the invitation is the answer.
    Accept {
        #[command(flatten)]
        which: Which,
        /// The new account's identifier.
        #[arg(long)]
        identifier: String,
    },
    /// Refuse; the answer is mailed.
    Refuse {
        #[command(flatten)]
        which: Which,
        /// Told in the mail, as it is written here; there is no second one. Empty for a mail without a reason.
        #[arg(long)]
        reason: String,
    },
    /// Take a request away with the names, the number and the address in it, however it stands; nobody is told.
    Delete {
        #[command(flatten)]
        which: Which,
    },
}

/// One request.
#[derive(Args)]
pub(super) struct Which {
    /// The portal's name.
    #[arg(long)]
    portal: String,
    /// As listed: K7QM-2XPA.
    reference: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum State {
    /// The address is not proved yet.
    Unproved,
    Waiting,
    Accepted,
    Refused,
    All,
}

impl State {
    const fn only(self) -> Option<RequestState> {
        match self {
            Self::Unproved => Some(RequestState::Unproved),
            Self::Waiting => Some(RequestState::Waiting),
            Self::Accepted => Some(RequestState::Accepted),
            Self::Refused => Some(RequestState::Refused),
            Self::All => None,
        }
    }
}

pub(super) async fn run(
    command: &RequestCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    match command {
        RequestCommand::List { portal, state, limit } => {
            list(portal.as_deref(), *state, *limit, config, out).await
        }
        RequestCommand::Accept { which, identifier } => accept_one(which, identifier, config, out).await,
        RequestCommand::Refuse { which, reason } => refuse_one(which, reason, config, out).await,
        RequestCommand::Delete { which } => delete_one(which, config, out).await,
    }
}

async fn list(
    portal: Option<&str>,
    state: State,
    limit: u64,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let site = portal.map(|name| site_named(config, name)).transpose()?;
    let portal = site.map(|site| &site.portal.name);
    let tools = command_tools(config).await?;
    let requests = tools.store.account_requests(portal, state.only(), limit).await?;
    for request in &requests {
        writeln!(out, "{}", line(request))?;
    }
    writeln!(out, "{}", count(requests.len(), "request"))?;
    Ok(())
}

fn line(request: &AccountRequest) -> String {
    let application = &request.application;
    let number = application.national_id.as_ref().map(|id| id.number().to_owned());
    format!(
        "{}  {:<8} {:<10} {:.0}  {} {}, {}{}, {}, {}",
        request.reference,
        request.state.word(),
        request.portal.as_str(),
        request.created_at,
        application.given_name,
        application.family_name,
        application.profession,
        // Anything may be typed there: services for a profession know the directory's labels only.
        if profession::is_known(&application.profession) {
            ""
        } else {
            " (not in the directory)"
        },
        number.as_deref().unwrap_or("no number"),
        application.email,
    )
}

async fn accept_one(
    which: &Which,
    identifier: &str,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let portal = &site_named(config, &which.portal)?.portal;
    let reference = read_reference(&which.reference)?;
    let new = Identifier::parse(identifier)
        .map_err(|_| anyhow::anyhow!("«{identifier}» can't be an identifier"))?;
    let tools = command_tools(config).await?;
    accept(&tools, portal, &reference, new)
        .await
        .map_err(|error| match error {
            DecideError::Store(StoreError::Conflict) => anyhow::anyhow!(
                "the identifier «{identifier}» is taken on {} (case and accents do not count)",
                portal.name
            ),
            error => error.into(),
        })
        .with_context(|| reference.to_string())?;
    writeln!(
        out,
        "{reference}: accepted as {identifier}; the invitation is queued"
    )?;
    warn_if_stuck(&tools, portal, identifier, out).await
}

async fn refuse_one(
    which: &Which,
    reason: &str,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let portal = &site_named(config, &which.portal)?.portal;
    let reference = read_reference(&which.reference)?;
    let tools = command_tools(config).await?;
    refuse(&tools, portal, &reference, reason)
        .await
        .with_context(|| reference.to_string())?;
    writeln!(out, "{reference}: refused; the answer is queued")?;
    Ok(())
}

async fn delete_one(which: &Which, config: &Config, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let portal = &site_named(config, &which.portal)?.portal;
    let reference = read_reference(&which.reference)?;
    let tools = command_tools(config).await?;
    let state = delete(&tools, portal, &reference)
        .await
        .with_context(|| reference.to_string())?;
    let account = if state == RequestState::Accepted {
        "; the account that it led to stays"
    } else {
        ""
    };
    writeln!(
        out,
        "{reference}: deleted with all that it said of the person (it was {}){account}",
        state.word()
    )?;
    Ok(())
}
