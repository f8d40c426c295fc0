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
    /// The secret itself, which is never empty. A file is read relative to `folder`; line ends at its end are dropped.
    pub fn reveal(&self, folder: &Path, config: &Path, key: &str) -> Result<String, ConfigError> {
        match self {
            Self::Value(value) if value.trim().is_empty() => Err(ConfigError::new(
                config,
                key,
                "found an empty text, expected a secret; take the key out where there is none",
            )),
            Self::Value(value) => Ok(value.clone()),
            Self::File { file } => {
                let path = folder.join(file);
                let wrong = |expectation| ConfigError::new(config, format!("{key}.file"), expectation);
                let text = fs::read_to_string(&path).map_err(|error| {
                    wrong(format!("expected a readable file, {}: {error}", path.display()))
                })?;
                if text.trim().is_empty() {
                    return Err(wrong(format!(
                        "expected a secret in it, {} is empty",
                        path.display()
                    )));
                }
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
