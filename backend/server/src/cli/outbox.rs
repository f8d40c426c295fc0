//! `portique outbox`: what waits, what is dead, and another try.

use std::io::Write;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use portique_domain::outbox::DeliveryState;
use uuid::Uuid;

use super::command_tools;
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
        #[arg(required_unless_present = "all", conflicts_with = "all")]
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
                writeln!(
                    out,
                    "{}  {:<7} {:<10} {:<17} tries {:<2} due {:.0}  {}",
                    message.id,
                    message.state.word(),
                    message.portal.as_str(),
                    message.kind,
                    message.attempts,
                    message.due_at,
                    message.last_error.as_deref().unwrap_or_default()
                )?;
            }
            writeln!(out, "{} messages", messages.len())?;
        }
        OutboxCommand::Retry { id, .. } => {
            let mut unit = tools.store.begin().await?;
            let revived = unit.revive_messages(*id, tools.clock.now()).await?;
            unit.commit().await?;
            if let (Some(id), 0) = (id, revived) {
                return Err(anyhow::anyhow!("no dead message has the id {id}"))
                    .context("nothing was taken up again");
            }
            writeln!(out, "{revived} messages will be tried again")?;
        }
    }
    Ok(())
}
