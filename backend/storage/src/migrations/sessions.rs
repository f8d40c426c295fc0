//! What a person is told of their sessions: a name for each, the browser, and where it was used from. Browsers that stand in for
//! the second step.

use sea_orm::DbBackend;

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // Sessions that live go on living: those that somebody holds while this runs are not signed out by an update.
    let (uuid, random) = match backend {
        DbBackend::Postgres => ("uuid", "gen_random_uuid()"),
        _ => ("uuid_text", "randomblob(16)"),
    };
    let columns = [
        ("id", uuid),
        ("browser", "text"),
        ("system", "text"),
        ("started_from", "text"),
        ("last_used_at", "bigint"),
        ("last_used_from", "text"),
    ];
    let columns = columns.map(|(name, kind)| format!("ALTER TABLE sessions ADD COLUMN {name} {kind}"));
    let named = format!("UPDATE sessions SET id = {random}, last_used_at = created_at");
    // SQLite can't require a column that a row was given later; nothing writes a session without one.
    let required = match backend {
        DbBackend::Postgres => vec![
            "ALTER TABLE sessions ALTER COLUMN id SET NOT NULL, ALTER COLUMN last_used_at SET NOT NULL"
                .to_owned(),
        ],
        _ => Vec::new(),
    };
    let mut browsers = table("remembered_browsers");
    browsers
        .col(column("token_hash").blob().primary_key())
        .col(column("id").uuid())
        .col(column("account_id").uuid())
        .col(column("portal").text())
        .col(optional("browser").text())
        .col(optional("system").text())
        .col(column("remembered_at").big_integer())
        .col(optional("remembered_from").text())
        .col(column("last_used_at").big_integer())
        .col(optional("last_used_from").text())
        .col(column("expires_at").big_integer())
        .foreign_key(&mut of_account("remembered_browsers"));
    let browsers = backend.build(&found_by_key(&mut browsers, backend)).sql;
    let unique = |table| index(table, &["id"]).unique().to_owned();
    let indexes = [
        unique("sessions"),
        unique("remembered_browsers"),
        index("remembered_browsers", &["account_id"]),
        index("remembered_browsers", &["expires_at"]),
    ];
    columns
        .into_iter()
        .chain([named])
        .chain(required)
        .chain([browsers])
        .chain(indexes.iter().map(|index| backend.build(index).sql))
        .collect()
}
