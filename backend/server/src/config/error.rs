//! What is wrong with a configuration: which file, which key, what was expected.

use core::fmt;
use std::path::Path;

use super::expectation::expectation;

/// One thing wrong, on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// A file's path, or `environment`.
    pub file: String,
    /// `session.idle_minutes`; empty when the whole file is meant.
    pub key: String,
    /// «expected …» or «found …, expected …».
    pub expectation: String,
}

impl ConfigError {
    pub fn new(file: &Path, key: impl Into<String>, expectation: impl Into<String>) -> Self {
        Self {
            file: file.display().to_string(),
            key: key.into(),
            expectation: expectation.into(),
        }
    }

    /// Every error that figment found in `file`, which stands for those that name no source of their own.
    pub fn from_figment(error: figment::Error, file: &Path) -> Vec<Self> {
        error
            .into_iter()
            .map(|error| {
                let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
                    Some(figment::Source::File(path)) => path.display().to_string(),
                    _ if metadata.name.contains("environment") => "environment".to_owned(),
                    _ => file.display().to_string(),
                });
                let key = key_of(&error.kind, error.path.join("."));
                Self {
                    file: source.unwrap_or_else(|| file.display().to_string()),
                    expectation: expectation(&error.kind, &key),
                    key,
                }
            })
            .collect()
    }
}

/// Missing and unknown keys are named by the error itself, not by the path that leads to their table.
fn key_of(kind: &figment::error::Kind, path: String) -> String {
    let inside = match kind {
        figment::error::Kind::MissingField(name) => name.to_string(),
        figment::error::Kind::UnknownField(name, _) => name.clone(),
        _ => return path,
    };
    if path.is_empty() || path.ends_with(&inside) {
        if path.is_empty() { inside } else { path }
    } else {
        format!("{path}.{inside}")
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(formatter, "{}: {}", self.file, self.expectation)
        } else {
            write!(
                formatter,
                "{}: key `{}`: {}",
                self.file, self.key, self.expectation
            )
        }
    }
}

/// All that is wrong, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

impl core::error::Error for ConfigErrors {}

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        Self(vec![error])
    }
}
