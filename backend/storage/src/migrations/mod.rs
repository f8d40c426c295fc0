//! The schema's history: one file a step, in order, each applied once and written down in the table `migrations`.
//!
//! A step that has been released is never edited: the next one mends it.

mod authenticators;
mod cards;
mod columns;
mod contacts;
mod first_journey;
mod locked_out;
mod passkeys;
mod second_factor;
mod sessions;
mod sms;

use std::collections::BTreeSet;

use portique_domain::store::StoreError;
use sea_orm::sea_query::{Alias, ColumnDef, Expr, IntoIden, Query, Table};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use crate::Database;
use crate::error::describe;

/// One step.
struct Migration {
    /// Sorts after the one before.
    name: &'static str,
    /// The statements for one kind of database, in order.
    statements: fn(DbBackend) -> Vec<String>,
}

const MIGRATIONS: [Migration; 9] = [
    Migration {
        name: "0001_first_journey",
        statements: first_journey::statements,
    },
    Migration {
        name: "0002_locked_out",
        statements: locked_out::statements,
    },
    Migration {
        name: "0003_second_factor",
        statements: second_factor::statements,
    },
    Migration {
        name: "0004_sms",
        statements: sms::statements,
    },
    Migration {
        name: "0005_sessions",
        statements: sessions::statements,
    },
    Migration {
        name: "0006_authenticators",
        statements: authenticators::statements,
    },
    Migration {
        name: "0007_passkeys",
        statements: passkeys::statements,
    },
    Migration {
        name: "0008_contacts",
        statements: contacts::statements,
    },
    Migration {
        name: "0009_cards",
        statements: cards::statements,
    },
];

/// Any number, as long as nothing else on the server locks it.
const ADVISORY_LOCK: i64 = 0x0070_6F72_7469_7175;

/// Why the schema can't be brought up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// An older server on a newer database would write what the newer one does not expect.
    #[error("the database was made by a later version of Portique (it knows the step {0}): run that version")]
    Newer(String),
    #[error("the database's schema can't be brought up to date (step {step}): {reason}")]
    Step { step: &'static str, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Applies what is missing, all of it or nothing. Whoever comes second waits, and finds it done.
pub(crate) async fn run(database: &Database) -> Result<(), MigrateError> {
    let transaction = database.transaction().await.map_err(failed)?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // Building an index on large tables may take longer than any request may.
        let unlimited = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
        transaction.execute_unprepared(unlimited).await.map_err(failed)?;
        let lock = format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})");
        transaction.execute_unprepared(&lock).await.map_err(failed)?;
    }
    let applied = applied(&transaction).await.map_err(failed)?;
    let known: BTreeSet<&str> = MIGRATIONS.iter().map(|migration| migration.name).collect();
    if let Some(unknown) = applied.iter().find(|name| !known.contains(name.as_str())) {
        return Err(MigrateError::Newer(unknown.clone()));
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|migration| !applied.contains(migration.name))
    {
        apply(&transaction, migration)
            .await
            .map_err(|error| MigrateError::Step {
                step: migration.name,
                reason: describe(&error),
            })?;
        tracing::info!(step = migration.name, "schema brought up to date");
    }
    transaction.commit().await.map_err(failed)
}

fn failed(error: DbErr) -> MigrateError {
    crate::error::store_error(error).into()
}

/// The steps that the database has gone through.
async fn applied(transaction: &DatabaseTransaction) -> Result<BTreeSet<String>, DbErr> {
    let table = Table::create()
        .table(table())
        .if_not_exists()
        .col(ColumnDef::new(Alias::new("name")).text().not_null().primary_key())
        // For whoever wonders when: nothing reads it.
        .col(
            ColumnDef::new(Alias::new("applied_at"))
                .timestamp()
                .not_null()
                .default(Expr::current_timestamp()),
        )
        .to_owned();
    transaction.execute(&table).await?;
    let names = Query::select()
        .column(Alias::new("name"))
        .from(self::table())
        .to_owned();
    let rows = transaction.query_all(&names).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

async fn apply(transaction: &DatabaseTransaction, migration: &Migration) -> Result<(), DbErr> {
    for statement in (migration.statements)(transaction.get_database_backend()) {
        transaction.execute_unprepared(&statement).await?;
    }
    let written = Query::insert()
        .into_table(table())
        .columns([Alias::new("name")])
        .values_panic([migration.name.into()])
        .to_owned();
    transaction.execute(&written).await.map(drop)
}

fn table() -> impl IntoIden {
    Alias::new("migrations")
}

/// All steps' texts, by which a test recognises a template made by other ones.
#[cfg(feature = "test-support")]
pub(crate) fn text(backend: DbBackend) -> String {
    MIGRATIONS
        .iter()
        .flat_map(|migration| (migration.statements)(backend))
        .collect::<Vec<_>>()
        .join(";\n")
}
