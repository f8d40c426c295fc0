//! Accounts, sessions, throttles, messages, the audit trail.
//!
//! Written out rather than derived from the entities: those go on changing, this does not.

use portique_domain::audit::FIRST_PREVIOUS_HASH;
use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, Index, TableCreateStatement};

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let tables = [
        accounts(),
        sessions(backend),
        throttles(backend),
        outbox(),
        audit_entries(),
        audit_head(),
    ];
    let indexes = [
        index("accounts", &["portal", "folded_identifier"])
            .unique()
            .to_owned(),
        index("accounts", &["portal", "folded_email"]),
        index("accounts", &["portal", "national_id"]),
        index("sessions", &["account_id"]),
        index("sessions", &["idle_expires_at"]),
        index("throttles", &["since"]),
        index("outbox", &["state", "due_at"]),
        index("outbox", &["account_id"]),
    ];
    let tables = tables.iter().map(|table| backend.build(table).sql);
    let indexes = indexes.iter().map(|index| backend.build(index).sql);
    tables.chain(indexes).chain(trail(backend)).collect()
}

fn accounts() -> TableCreateStatement {
    table("accounts")
        .col(column("id").uuid().primary_key())
        .col(column("portal").text())
        .col(column("identifier").text())
        .col(column("folded_identifier").text())
        .col(column("email").text())
        .col(column("folded_email").text())
        .col(optional("rescue_email").text())
        .col(optional("rescue_phone").text())
        .col(optional("civility").text())
        .col(column("given_name").text())
        .col(column("family_name").text())
        .col(optional("profession").text())
        .col(optional("national_id").text())
        .col(column("privileges").text())
        .col(column("status").text())
        .col(optional("password_hash").text())
        .col(optional("password_expires_at").big_integer())
        .col(optional("password_changed_at").big_integer())
        .col(column("language").text())
        .col(column("created_at").big_integer())
        .col(optional("last_sign_in_at").big_integer())
        // No password, a provisional one (it ends) or a definitive one (it was chosen).
        .check(Expr::cust(
            "(CASE WHEN password_expires_at IS NULL THEN 0 ELSE 1 END) + \
             (CASE WHEN password_changed_at IS NULL THEN 0 ELSE 1 END) = \
             (CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END)",
        ))
        .to_owned()
}

fn sessions(backend: DbBackend) -> TableCreateStatement {
    let mut sessions = table("sessions");
    sessions
        .col(column("token_hash").blob().primary_key())
        .col(column("account_id").uuid())
        .col(column("portal").text())
        .col(column("scope").text())
        .col(column("created_at").big_integer())
        .col(column("idle_expires_at").big_integer())
        .col(column("absolute_expires_at").big_integer())
        .col(optional("previous_sign_in_at").big_integer())
        .foreign_key(&mut of_account("sessions"))
        .check(Expr::cust("idle_expires_at <= absolute_expires_at"));
    found_by_key(&mut sessions, backend)
}

fn throttles(backend: DbBackend) -> TableCreateStatement {
    let mut throttles = table("throttles");
    throttles
        .col(column("kind").text())
        .col(column("key_hash").blob())
        .col(column("failures").big_integer())
        .col(column("since").big_integer())
        .col(column("blocked_until").big_integer())
        .primary_key(
            Index::create()
                .col(Alias::new("kind"))
                .col(Alias::new("key_hash")),
        );
    found_by_key(&mut throttles, backend)
}

fn outbox() -> TableCreateStatement {
    table("outbox")
        .col(column("id").uuid().primary_key())
        .col(column("portal").text())
        .col(column("account_id").uuid())
        .col(column("channel").text())
        .col(column("kind").text())
        .col(column("sealed").blob())
        .col(column("created_at").big_integer())
        .col(column("state").text())
        .col(column("attempts").big_integer())
        .col(column("due_at").big_integer())
        .col(optional("last_error").text())
        .foreign_key(&mut of_account("outbox"))
        .to_owned()
}

/// The account is no foreign key: the trail outlives what it tells of.
fn audit_entries() -> TableCreateStatement {
    table("audit_entries")
        .col(column("sequence").big_integer().primary_key())
        .col(column("at").text())
        .col(column("portal").text())
        .col(column("action").text())
        .col(column("result").text())
        .col(column("factor").text())
        .col(column("account").text())
        .col(column("address").text())
        .col(column("previous_hash").text())
        .col(column("hash").text())
        .to_owned()
}

fn audit_head() -> TableCreateStatement {
    table("audit_head")
        .col(column("id").integer().primary_key())
        .col(column("sequence").big_integer())
        .col(column("hash").text())
        .check(Expr::cust("id = 1"))
        .to_owned()
}

/// The trail's first head, and what keeps entries from being changed by anything that goes through the database.
fn trail(backend: DbBackend) -> Vec<String> {
    let head = format!("INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '{FIRST_PREVIOUS_HASH}')");
    let refusal = "the audit trail is append-only";
    let guards = match backend {
        DbBackend::Postgres => vec![
            format!(
                "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql \
                 AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
            ),
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
                .to_owned(),
        ],
        _ => ["UPDATE", "DELETE"]
            .map(|change| {
                format!(
                    "CREATE TRIGGER audit_entries_no_{} BEFORE {change} ON audit_entries \
                     BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
                    change.to_lowercase()
                )
            })
            .to_vec(),
    };
    std::iter::once(head).chain(guards).collect()
}
