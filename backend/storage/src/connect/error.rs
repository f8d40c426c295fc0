use std::io;
use std::path::{Path, PathBuf};

/// Why a database can't be opened, each in one line for an operator. None shows a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    #[error("a database's address starts with sqlite:// or postgres://")]
    UnknownScheme,
    #[error("the database's address can't be read: {0}")]
    Address(String),
    #[error(
        "a database in memory would be lost at each restart: give a file, as in sqlite:///folder/portique.db?mode=rwc"
    )]
    InMemory,

    #[error("the folder {} does not exist", .0.display())]
    NoFolder(PathBuf),
    #[error("the database {} does not exist (end its address with ?mode=rwc to have it made)", .0.display())]
    NoFile(PathBuf),
    #[error("the database {} can't be written: {reason}", .path.display())]
    NotWritable { path: PathBuf, reason: io::Error },
    #[error("{} is no SQLite database", .0.display())]
    NotADatabase(PathBuf),
    #[error("the database {} can't be opened: {reason}", .path.display())]
    File { path: PathBuf, reason: String },

    #[error("no host is called {0}")]
    NoSuchHost(String),
    #[error("no PostgreSQL answers at {at}: {reason}")]
    NoAnswer { at: String, reason: String },
    #[error("PostgreSQL at {at} refuses the user {user}: wrong password, or not allowed from here")]
    Denied { at: String, user: String },
    #[error("PostgreSQL at {at} has no database {database}")]
    NoDatabase { at: String, database: String },
    #[error("PostgreSQL at {at} has no connection left")]
    TooManyConnections { at: String },
    #[error("PostgreSQL at {at} can't be spoken to in secret: {reason}")]
    Tls { at: String, reason: String },
    #[error("PostgreSQL at {at} can't be used: {reason}")]
    Server { at: String, reason: String },
}

impl ConnectError {
    /// What opening or making the file `path` ran into.
    pub(super) fn from_io(path: &Path, folder: &Path, reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::NotFound if folder.is_dir() => Self::NoFile(path.to_owned()),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NoFolder(folder.to_owned()),
            _ => Self::NotWritable {
                path: path.to_owned(),
                reason,
            },
        }
    }
}
