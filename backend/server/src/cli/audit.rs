//! `portique audit`: the trail, exported and verified.

use std::io::Write;

use clap::Subcommand;
use portique_domain::audit::AuditEntry;
use portique_domain::store::Store;

use super::command_tools;
use crate::config::Config;

/// Entries read at a time.
const BATCH: u64 = 1_000;

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Write the whole trail, a JSON object a line.
    Export,
    /// Reckon every entry's hash anew: an entry that was changed or taken out is told, and a trail that was cut.
    Verify,
}

pub(super) async fn run(
    command: &AuditCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let tools = command_tools(config).await?;
    let store = tools.store.as_ref();
    match command {
        AuditCommand::Export => {
            each_entry(store, |entry, _| {
                Ok(writeln!(out, "{}", serde_json::to_string(entry)?)?)
            })
            .await?;
        }
        AuditCommand::Verify => {
            let entries = verify(store).await?;
            writeln!(out, "{entries} entries, unbroken")?;
        }
    }
    Ok(())
}

/// Gives every entry, with the one before it, to `visit`. Gives the last entry's number; 0 where there is none.
async fn each_entry(
    store: &dyn Store,
    mut visit: impl FnMut(&AuditEntry, Option<&AuditEntry>) -> anyhow::Result<()>,
) -> anyhow::Result<i64> {
    let mut previous: Option<AuditEntry> = None;
    loop {
        let after = previous.as_ref().map_or(0, |entry| entry.sequence);
        let entries = store.audit_entries(after, BATCH).await?;
        if entries.is_empty() {
            return Ok(after);
        }
        for entry in entries {
            visit(&entry, previous.as_ref())?;
            previous = Some(entry);
        }
    }
}

/// Compares the trail with its own hashes, and its end with what was written down of it. Gives the number of entries.
async fn verify(store: &dyn Store) -> anyhow::Result<i64> {
    // Before the entries: a server that runs adds some meanwhile, behind this end.
    let head = store.audit_head().await?;
    let last = each_entry(store, |entry, previous| {
        anyhow::ensure!(
            entry.follows(previous),
            "the trail is broken at entry {}: it was changed, or one before it is missing",
            entry.sequence
        );
        anyhow::ensure!(
            entry.sequence != head.sequence || entry.hash == head.hash,
            "the trail was rewritten: its entry {} is not the one that was the last",
            entry.sequence
        );
        Ok(())
    })
    .await?;
    match head.sequence - last {
        ..=0 => {}
        1 => anyhow::bail!("the trail was cut at its end: entry {} is missing", head.sequence),
        _ => anyhow::bail!(
            "the trail was cut at its end: entries {} to {} are missing",
            last + 1,
            head.sequence
        ),
    }
    anyhow::ensure!(
        last <= store.audit_head().await?.sequence,
        "the trail was lengthened by hand: entry {last} stands behind its written end"
    );
    Ok(last)
}
