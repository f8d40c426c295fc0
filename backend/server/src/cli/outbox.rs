//! `portique outbox`: what waits, what is dead, and another try.

use std::io::Write;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use portique_domain::masking::{first_letter_and_domain, phone};
use portique_domain::outbox::{Channel, DeliveryState, QueuedMessage};
use portique_domain::sms::Reported;
use portique_domain::use_cases::Tools;
use uuid::Uuid;

use super::{command_tools, count};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum OutboxCommand {
    /// List messages, the oldest first.
    List {
        /// Only those in this state.
        #[arg(long)]
        state: Option<State>,
        /// At most this many.
        #[arg(long, default_value_t = 100)]
        limit: u64,
    },
    /// Take dead messages up again.
    Retry {
        /// The message's id, as listed.
        #[arg(conflicts_with = "all")]
        id: Option<Uuid>,
        /// All dead messages.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum State {
    Queued,
    Sent,
    Dead,
}

impl From<State> for DeliveryState {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Sent => Self::Sent,
            State::Dead => Self::Dead,
        }
    }
}

pub(super) async fn run(
    command: &OutboxCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let tools = command_tools(config).await?;
    match command {
        OutboxCommand::List { state, limit } => {
            let messages = tools.store.messages(state.map(Into::into), *limit).await?;
            for message in &messages {
                writeln!(out, "{}", line(&tools, message).await?)?;
            }
            writeln!(out, "{}", count(messages.len(), "message"))?;
        }
        OutboxCommand::Retry { id, all } => {
            anyhow::ensure!(
                *all || id.is_some(),
                "expected a message's id (as «portique outbox list --state dead» tells it), or --all"
            );
            let mut unit = tools.store.begin().await?;
            let revived = unit.revive_messages(*id, tools.clock.now()).await?;
            unit.commit().await?;
            if let (Some(id), 0) = (id, revived) {
                return Err(anyhow::anyhow!("no dead message has the id {id}"))
                    .context("nothing was taken up again");
            }
            let revived = usize::try_from(revived)?;
            writeln!(out, "{} will be tried again", count(revived, "message"))?;
        }
    }
    Ok(())
}

/// Whose the message is, and as much of the address as tells a mistyped one.
async fn line(tools: &Tools, message: &QueuedMessage) -> anyhow::Result<String> {
    let account = match message.account {
        Some(id) => tools.store.account(id).await?,
        None => None,
    };
    let content = message.open(&tools.keyring).ok();
    let address = content
        .as_ref()
        .and_then(|content| content.destination(account.as_ref()))
        .map(first_letter_and_domain);
    let number = account
        .as_ref()
        .filter(|_| message.channel == Channel::Sms)
        .and_then(|account| account.record.rescue_phone.as_ref())
        .map(phone);
    let identifier = account.as_ref().map(|account| account.record.identifier.as_str());
    Ok(format!(
        "{}  {:<7} {:<10} {:<17} {:<4} {:<20} {:<24} tries {:<2} due {:.0}  {}{}",
        message.id,
        message.state.word(),
        message.portal.as_str(),
        message.kind,
        message.channel.word(),
        identifier.unwrap_or_default(),
        address.or(number).unwrap_or_default(),
        message.attempts,
        message.due_at,
        message.last_error.as_deref().unwrap_or_default(),
        message.reported.as_ref().map(reported).unwrap_or_default()
    ))
}

/// «report failed (30005) at …»: what the gateway told of an SMS.
fn reported(reported: &Reported) -> String {
    let code = reported.report.code.as_ref();
    let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
    format!(
        "report {}{code} at {:.0}",
        reported.report.state.word(),
        reported.at
    )
}
