//! `portique account import`.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use portique_provisioning::{Mode, Outcome, People};

use super::progress::Bar;
use super::{command_tools, count, site_named};
use crate::config::Config;

#[derive(Args)]
pub(super) struct Import {
    /// The portal's name.
    #[arg(long)]
    portal: String,
    /// The agency's file: CSV with a header line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The national directory's public extraction, to check numbers and names against.
    #[arg(long, value_name = "EXTRACTION")]
    directory: Option<PathBuf>,
    /// Import the good rows although others are bad.
    #[arg(long)]
    partial: bool,
}

/// Reads, checks, compares, applies, and tells what was found and done. Refused rows make the command fail.
pub(super) async fn run(
    arguments: &Import,
    config: &Config,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let portal = &site_named(config, &arguments.portal)?.portal;
    let bar = Bar::new();
    let bytes =
        fs::read(&arguments.file).with_context(|| format!("{} can't be read", arguments.file.display()))?;
    let mut people =
        People::read(&bytes, portal.language, &bar).with_context(|| arguments.file.display().to_string())?;
    drop(bytes);
    if let Some(path) = &arguments.directory {
        let extraction = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
        let size = extraction.metadata().map_or(0, |metadata| metadata.len());
        people
            .check_against(extraction, size, &bar)
            .with_context(|| path.display().to_string())?;
    }
    let tools = command_tools(config).await?;
    let plan = people.compare(tools.store.as_ref(), portal, &bar).await?;
    let mode = if arguments.partial {
        Mode::Partial
    } else {
        Mode::AllOrNothing
    };
    let report = plan.apply(&tools, portal, mode, &bar).await?;
    bar.finish();
    writeln!(out, "{report}")?;
    match report.outcome {
        Outcome::Complete => Ok(()),
        Outcome::Partial => anyhow::bail!("{} not imported", count(report.refused, "row")),
        Outcome::Refused => {
            // The report said already what that means, and what to do.
            anyhow::bail!("{} refused", count(report.refused, "row"))
        }
    }
}
