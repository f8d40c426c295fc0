//! Secrets: written in the configuration, or (better) in a file that it names.

use core::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::ConfigError;

/// `password = "…"`, or `password = { file = "/run/secrets/mail" }`.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "expected a text, or { file = \"path\" }")]
pub enum Secret {
    Value(String),
    File { file: PathBuf },
}

impl Secret {
    /// The secret itself. A file is read relative to `folder`; line ends at its end are dropped.
    pub fn reveal(&self, folder: &Path, config: &Path, key: &str) -> Result<String, ConfigError> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::File { file } => {
                let path = folder.join(file);
                let text = fs::read_to_string(&path).map_err(|error| {
                    ConfigError::new(
                        config,
                        format!("{key}.file"),
                        format!("expected a readable file, {}: {error}", path.display()),
                    )
                })?;
                Ok(text.trim_end_matches(['\r', '\n']).to_owned())
            }
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
