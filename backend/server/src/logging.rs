//! The log: lines for people, or JSON for machines, on standard error.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, LogSettings};

/// Starts the log.
pub fn start(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.filter)
        .context("key `log.filter`: expected levels such as info or portique=debug")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colours are for people's terminals: in a journal or a file they would be signs without a sense.
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match settings.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    }
    .map_err(|error| anyhow::anyhow!("the log can't be started: {error}"))
}
