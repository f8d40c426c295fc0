//! A database of its own for each test, on both kinds. For the tests of every crate.
//!
//! ```ignore
//! use portique_storage::on_each_database;
//! use portique_storage::testing::TestDatabase;
//!
//! on_each_database!(an_empty_database_has_no_messages);
//!
//! async fn an_empty_database_has_no_messages(database: TestDatabase) {
//!     assert!(database.messages(None, 10).await.unwrap().is_empty());
//! }
//! ```

mod postgres;

use std::ops::Deref;
use std::sync::Arc;

use crate::{Database, Options};

/// Runs each of the named functions as a test on SQLite and as one on PostgreSQL. A function is
/// `async fn(TestDatabase)`; one that is not named here is told of as dead code.
#[macro_export]
macro_rules! on_each_database {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::testing::TestDatabase::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::testing::TestDatabase::postgres().await).await;
            })+
        }
    };
}

/// A migrated, empty database that goes away with this value. Reads as the [`Database`] that it is.
pub struct TestDatabase {
    database: Arc<Database>,
    /// Dropped last: what it stands on goes after it.
    place: Place,
}

enum Place {
    Folder(tempfile::TempDir),
    Server(Box<postgres::OwnDatabase>),
}

impl Place {
    fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}/portique.db?mode=rwc", folder.path().display()),
            Self::Server(own) => own.url(),
        }
    }
}

impl TestDatabase {
    /// A file in a folder of its own.
    ///
    /// # Panics
    /// When the folder for temporary files can't be written.
    pub async fn sqlite() -> Self {
        let place = Place::Folder(tempfile::tempdir().expect("temporary folders can be made"));
        let database = Database::connect(&place.url(), Options::default())
            .await
            .expect("a fresh file can be opened");
        database.migrate().await.expect("an empty file takes the schema");
        Self {
            database: Arc::new(database),
            place,
        }
    }

    /// A database on the server that `PORTIQUE_TEST_POSTGRES` names (`postgres://…/postgres`), copied from a template.
    ///
    /// # Panics
    /// When the variable is not set or the server can't be used.
    pub async fn postgres() -> Self {
        let place = Place::Server(Box::new(postgres::OwnDatabase::create().await));
        // Tests run many at once; the server's connections are for all of them.
        let options = Options {
            connections: 10,
            ..Options::default()
        };
        let database = Database::connect(&place.url(), options)
            .await
            .expect("a database just made can be opened");
        Self {
            database: Arc::new(database),
            place,
        }
    }

    /// The database, to be shared with what is tested.
    pub fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// Its address, for a second connection to it.
    pub fn url(&self) -> String {
        self.place.url()
    }

    /// The folder of an SQLite file.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path()),
            Place::Server(_) => None,
        }
    }

    /// Runs a statement that no port offers: what an administrator at the database's console, or a thief, would do.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run_by_hand(&self, sql: &str) -> Result<u64, String> {
        use sea_orm::ConnectionTrait;
        let done = self.database.writer.execute_unprepared(sql).await;
        done.map(|result| result.rows_affected())
            .map_err(|error| error.to_string())
    }
}

impl Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}
