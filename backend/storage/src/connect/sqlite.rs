//! An SQLite file: a write-ahead log, one writer that others queue for, several readers.

use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::SqlxSqliteConnector;
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::sqlx::{ConnectOptions, Error as SqlxError};
use tokio::time::interval;

use super::{ConnectError, Options};
use crate::Database;
use crate::error::describe_driver;

/// Each reader is a thread; more of them than this only compete for the processors.
const MOST_READERS: u32 = 8;

/// How long to wait for another process (the command line beside the server) to finish its transaction. Ours queue
/// before they get here.
const BUSY: Duration = Duration::from_secs(20);

/// How soon to try again to open a file that another process is just turning to its log.
const TURN: Duration = Duration::from_millis(20);

/// Pages of the write-ahead log (of 4 KiB) after which it is folded into the file.
const CHECKPOINT_PAGES: &str = "1000";

pub(super) async fn connect(url: &str, options: Options) -> Result<Database, ConnectError> {
    let file =
        SqliteConnectOptions::from_str(url).map_err(|error| ConnectError::Address(error.to_string()))?;
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let has = |wanted: &str| parameters.split('&').any(|parameter| parameter == wanted);
    if address.ends_with(":memory:") || has("mode=memory") {
        return Err(ConnectError::InMemory);
    }
    let path = file.get_filename().to_owned();
    open_or_create(&path, has("mode=rwc"))?;

    let file = file
        .create_if_missing(false)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .disable_statement_logging();
    let writer = file
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        // Each commit reaches the disk: a mail queued, a password changed must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        // Asked once per connection at most; statistics keep the planner on the right index as tables grow.
        .optimize_on_close(true, 400);
    let reader = file.pragma("query_only", "ON");

    let writer = first_connection(options, writer)
        .await
        .map_err(|error| refusal(&path, &error))?;
    let readers = pool(options, options.connections.clamp(1, MOST_READERS))
        .connect_with(reader)
        .await
        .map_err(|error| refusal(&path, &error))?;
    Ok(Database {
        readers: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
    })
}

/// Opens the writer. Of several processes that turn a new file to its write-ahead log at once, SQLite sends all but one
/// away without the patience that it has otherwise.
async fn first_connection(options: Options, writer: SqliteConnectOptions) -> Result<SqlitePool, SqlxError> {
    let mut pause = interval(TURN);
    let mut tries = BUSY.as_millis() / TURN.as_millis();
    loop {
        pause.tick().await;
        tries -= 1;
        match pool(options, 1).connect_with(writer.clone()).await {
            Err(SqlxError::Database(error)) if error.code().as_deref() == Some("5") && tries > 0 => {}
            done => return done,
        }
    }
}

/// A file's connections don't go stale: they are neither tested nor renewed.
fn pool(options: Options, connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(options.patience)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Makes sure that the file is there and can be written, in the system's own words rather than SQLite's «unable to open
/// database file». SQLite gives its log and its shared memory the file's permissions.
fn open_or_create(path: &Path, create: bool) -> Result<(), ConnectError> {
    let mut open = fs::OpenOptions::new();
    open.read(true).write(true).create(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    open.open(path)
        .map(drop)
        .map_err(|error| ConnectError::from_io(path, folder, error))
}

fn refusal(path: &Path, error: &SqlxError) -> ConnectError {
    let path = path.to_owned();
    let code = match error {
        SqlxError::Database(database) => database.code().map(std::borrow::Cow::into_owned),
        _ => None,
    };
    match code.as_deref() {
        // SQLITE_NOTADB
        Some("26") => ConnectError::NotADatabase(path),
        _ => ConnectError::File {
            path,
            reason: describe_driver(error),
        },
    }
}
