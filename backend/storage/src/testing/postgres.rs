//! Databases on the tests' PostgreSQL server: copies of a template that is migrated once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::thread;

use sea_orm::DbBackend;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sea_orm::sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::{Database, Options, migrations};

const VARIABLE: &str = "PORTIQUE_TEST_POSTGRES";

/// Test processes make the template one after the other.
const TEMPLATE_LOCK: i64 = 0x0074_656D_706C_6174;

/// A database that is dropped with this value.
pub(super) struct OwnDatabase {
    server: PgConnectOptions,
    name: String,
}

impl OwnDatabase {
    pub(super) async fn create() -> Self {
        let server = server();
        let mut connection = connect(&server).await;
        let template = template(&server, &mut connection).await;
        let row: PgRow = connection
            .fetch_one("SELECT 'portique_test_' || replace(gen_random_uuid()::text, '-', '')")
            .await
            .expect("PostgreSQL 13 or later names the database");
        let name: String = row.get(0);
        run(
            &mut connection,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        connection.close().await.expect("a sound connection closes");
        Self { server, name }
    }

    pub(super) fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().into()
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A test's runtime can't be waited for from inside itself.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = server.connect().await.map_err(std::io::Error::other)?;
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                connection
                    .execute(AssertSqlSafe(drop))
                    .await
                    .map_err(std::io::Error::other)
            })
        });
        let dropped = dropping.join().expect("dropping a database does not panic");
        if !thread::panicking() {
            dropped.expect("a test's database can be dropped");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn server() -> PgConnectOptions {
    let url = std::env::var(VARIABLE).unwrap_or_else(|_| {
        panic!(
            "{VARIABLE} is not set: it names the PostgreSQL server to test on, as in \
             postgres://postgres@127.0.0.1:5432/postgres (scripts/with-postgres.sh starts one for a command)"
        )
    });
    PgConnectOptions::from_str(&url).unwrap_or_else(|error| panic!("{VARIABLE}: {error}"))
}

async fn connect(server: &PgConnectOptions) -> PgConnection {
    server
        .connect()
        .await
        .unwrap_or_else(|error| panic!("the server that {VARIABLE} names can't be used: {error}"))
}

async fn run(connection: &mut PgConnection, sql: &str) {
    if let Err(error) = connection.execute(AssertSqlSafe(sql.to_owned())).await {
        panic!("{sql}: {error}");
    }
}

/// The name of a migrated database that nobody is connected to, made by whichever test comes first. It is made under
/// another name, so that one whose maker died is never used.
async fn template(server: &PgConnectOptions, connection: &mut PgConnection) -> String {
    let mut hasher = DefaultHasher::new();
    migrations::text(DbBackend::Postgres).hash(&mut hasher);
    let name = format!("portique_template_{:016x}", hasher.finish());
    run(connection, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let exists = connection
        .fetch_optional(AssertSqlSafe(format!(
            "SELECT 1 FROM pg_database WHERE datname = '{name}'"
        )))
        .await
        .expect("the list of databases can be read");
    if exists.is_none() {
        let unfinished = format!("{name}_unfinished");
        run(connection, &format!("DROP DATABASE IF EXISTS {unfinished}")).await;
        run(connection, &format!("CREATE DATABASE {unfinished}")).await;
        let url: String = server.clone().database(&unfinished).to_url_lossy().into();
        let database = Database::connect(&url, Options::default())
            .await
            .expect("a database just made can be opened");
        database
            .migrate()
            .await
            .expect("an empty database takes the schema");
        database.close().await;
        run(
            connection,
            &format!("ALTER DATABASE {unfinished} RENAME TO {name}"),
        )
        .await;
    }
    run(connection, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}
