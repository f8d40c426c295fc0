//! What a person is told of their sessions: a name for each, the browser, and where it was used from.

use sea_orm::DbBackend;

use super::columns::index;

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
    let unique = index("sessions", &["id"]).unique().to_owned();
    columns
        .into_iter()
        .chain([named])
        .chain(required)
        .chain([backend.build(&unique).sql])
        .collect()
}
