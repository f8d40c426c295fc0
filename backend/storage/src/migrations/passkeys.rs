//! Challenges that wait for a passkey's signature.

use sea_orm::DbBackend;

use super::columns::{column, found_by_key, index, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut challenges = table("passkey_challenges");
    challenges
        .col(column("key").blob().primary_key())
        .col(column("purpose").text())
        .col(optional("holder").blob())
        .col(column("state").blob())
        .col(column("expires_at").big_integer());
    vec![
        backend.build(&found_by_key(&mut challenges, backend)).sql,
        backend.build(&index("passkey_challenges", &["expires_at"])).sql,
    ]
}
