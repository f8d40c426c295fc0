//! `portique cards`: the lists of revoked cards, as they lie on disk.

use std::io::Write;

use anyhow::Context as _;
use clap::Subcommand;
use jiff::Timestamp;
use portique_cards::{ListStatus, ListsOnDisk, lists_on_disk};

use super::{count, system};
use crate::config::Config;

#[derive(Subcommand)]
pub(super) enum CardsCommand {
    /// List the lists of revoked cards: whose each is, how old, and whether cards are believed by it now. Fetches nothing. Fails where an
    /// authority has none that is believed, so that a monitor can ask.
    Lists,
}

pub(super) fn run(
    command: &CardsCommand,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let CardsCommand::Lists = command;
    let cards = config
        .cards
        .as_ref()
        .with_context(|| format!("{} has no [cards]: no card is taken here", config.file.display()))?;
    let ListsOnDisk { lists, in_want } = lists_on_disk(cards.judging.clone(), system().clock.now())?;
    for list in &lists {
        writeln!(out, "{}", line(list))?;
    }
    let unbelieved = lists.iter().filter(|list| !list.is_believed).count();
    writeln!(
        out,
        "{}, {unbelieved} of them not believed",
        count(lists.len(), "list")
    )?;
    anyhow::ensure!(
        in_want.is_empty(),
        "a list that is believed is wanting of: {}; cards below them are refused",
        in_want.join(", ")
    );
    Ok(())
}

fn line(list: &ListStatus) -> String {
    let at =
        |moment: Option<Timestamp>| moment.map_or_else(|| "-".to_owned(), |moment| format!("{moment:.0}"));
    format!(
        "{:<12} {:<44} revoked {:<8} issued {:<20} next update {:<20} {}{}",
        if list.is_believed {
            "believed"
        } else {
            "not believed"
        },
        list.authority.as_deref().unwrap_or("nobody's yet"),
        list.revoked,
        at(list.this_update),
        at(list.next_update),
        list.source,
        list.failure
            .as_ref()
            .map(|reason| format!("  {reason}"))
            .unwrap_or_default()
    )
}
