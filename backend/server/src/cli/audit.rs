//! `portique audit`: the trail, exported and verified.

use std::io::Write;

use clap::Subcommand;
use portique_domain::audit::AuditEntry;

use super::command_tools;
use crate::config::Config;

/// Entries read at a time.
const BATCH: u64 = 1_000;

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Write the whole trail, a JSON object a line.
    Export,
    /// Reckon every entry's hash anew: an entry that was changed or taken out is told.
    Verify,
}

pub(super) async fn run(
    command: &AuditCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let tools = command_tools(config).await?;
    let mut previous: Option<AuditEntry> = None;
    loop {
        let after = previous.as_ref().map_or(0, |entry| entry.sequence);
        let entries = tools.store.audit_entries(after, BATCH).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            match command {
                AuditCommand::Export => writeln!(out, "{}", serde_json::to_string(&entry)?)?,
                AuditCommand::Verify if entry.follows(previous.as_ref()) => {}
                AuditCommand::Verify => anyhow::bail!(
                    "the trail is broken at entry {}: it was changed, or one before it is missing",
                    entry.sequence
                ),
            }
            previous = Some(entry);
        }
    }
    if matches!(command, AuditCommand::Verify) {
        writeln!(
            out,
            "{} entries, unbroken",
            previous.map_or(0, |entry| entry.sequence)
        )?;
    }
    Ok(())
}
