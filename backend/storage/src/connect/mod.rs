//! Opening a database, and saying plainly why it can't be opened.

mod error;
mod postgres;
mod sqlite;

use std::time::Duration;

pub use error::ConnectError;

use crate::Database;

/// How to open a database.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections to PostgreSQL at most; readers of an SQLite file at most (beside its one writer).
    pub connections: u32,
    /// How long a request waits for a connection, or a writer for its turn, before it fails.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            // Several servers fit into PostgreSQL's usual hundred.
            connections: 16,
            // Longer, and the browser has given up.
            patience: Duration::from_secs(30),
        }
    }
}

pub(crate) async fn connect(url: &str, options: Options) -> Result<Database, ConnectError> {
    if url.starts_with("sqlite:") {
        sqlite::connect(url, options).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres::connect(url, options).await
    } else {
        Err(ConnectError::UnknownScheme)
    }
}
