//! Requests for help, links, captchas, requests for accounts; messages to people without an account; changes of a
//! provisional password that outlive it.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, Index};

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut asked = table("asked");
    asked
        .col(column("portal").text())
        .col(column("reference").text())
        .col(column("sealed").blob())
        .col(column("resend_from").big_integer())
        .col(column("expires_at").big_integer())
        .col(column("resends").big_integer())
        .primary_key(
            Index::create()
                .col(Alias::new("portal"))
                .col(Alias::new("reference")),
        );
    let mut links = table("links");
    links
        .col(column("token_hash").blob().primary_key())
        .col(column("portal").text())
        .col(optional("account_id").uuid())
        .col(optional("request_id").uuid())
        .col(column("expires_at").big_integer())
        .col(optional("spent_at").big_integer())
        .col(optional("replaced_at").big_integer())
        .foreign_key(&mut of_account("links"))
        // It opens one thing.
        .check(Expr::cust("(account_id IS NULL) <> (request_id IS NULL)"));
    let mut captchas = table("captchas");
    captchas
        .col(column("key").blob().primary_key())
        .col(optional("answer").small_integer())
        .col(column("expires_at").big_integer());
    let requests = table("account_requests")
        .col(column("id").uuid().primary_key())
        .col(column("portal").text())
        .col(column("reference").text())
        .col(column("given_name").text())
        .col(column("family_name").text())
        .col(column("profession").text())
        .col(optional("national_id").text())
        .col(column("email").text())
        .col(column("folded_email").text())
        .col(column("language").text())
        .col(column("state").text())
        .col(column("created_at").big_integer())
        .col(optional("decided_at").big_integer())
        .to_owned();
    let tables = [
        found_by_key(&mut asked, backend),
        found_by_key(&mut links, backend),
        found_by_key(&mut captchas, backend),
        requests,
    ];
    let indexes = [
        index("asked", &["expires_at"]),
        index("links", &["account_id"]),
        index("links", &["request_id"]),
        index("links", &["expires_at"]),
        index("captchas", &["expires_at"]),
        index("account_requests", &["portal", "reference"]),
        index("account_requests", &["portal", "folded_email"]),
        index("account_requests", &["state", "created_at"]),
        index("account_requests", &["decided_at"]),
    ];
    let tables = tables.iter().map(|table| backend.build(table).sql);
    let indexes = indexes.iter().map(|index| backend.build(index).sql);
    messages_to_anybody(backend)
        .into_iter()
        .chain(["ALTER TABLE sessions ADD COLUMN provisional_hash TEXT".to_owned()])
        .chain(tables)
        .chain(indexes)
        .collect()
}

/// A message may belong to no account. SQLite can't take a `NOT NULL` back: the table is made again.
fn messages_to_anybody(backend: DbBackend) -> Vec<String> {
    if backend == DbBackend::Postgres {
        return vec!["ALTER TABLE outbox ALTER COLUMN account_id DROP NOT NULL".to_owned()];
    }
    let outbox = table("outbox_with_anybody")
        .col(column("id").uuid().primary_key())
        .col(column("portal").text())
        .col(optional("account_id").uuid())
        .col(column("channel").text())
        .col(column("kind").text())
        .col(column("sealed").blob())
        .col(column("created_at").big_integer())
        .col(column("state").text())
        .col(column("attempts").big_integer())
        .col(column("due_at").big_integer())
        .col(optional("last_error").text())
        .foreign_key(&mut of_account("outbox_with_anybody"))
        .to_owned();
    vec![
        backend.build(&outbox).sql,
        "INSERT INTO outbox_with_anybody SELECT id, portal, account_id, channel, kind, sealed, created_at, \
         state, attempts, due_at, last_error FROM outbox"
            .to_owned(),
        "DROP TABLE outbox".to_owned(),
        "ALTER TABLE outbox_with_anybody RENAME TO outbox".to_owned(),
        backend.build(&index("outbox", &["state", "due_at"])).sql,
        backend.build(&index("outbox", &["account_id"])).sql,
    ]
}
