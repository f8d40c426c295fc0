//! Sign-ins that wait for their second step, and their codes in the queue.

use sea_orm::DbBackend;
use sea_orm::sea_query::Expr;

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut pending = table("pending_sign_ins");
    pending
        .col(column("token_hash").blob().primary_key())
        .col(column("account_id").uuid())
        .col(column("portal").text())
        .col(column("verified_hash").text())
        .col(column("expires_at").big_integer())
        .col(optional("code_seal").blob())
        .col(optional("sent_to").text())
        .col(optional("reference").text())
        .col(optional("sent_at").big_integer())
        .col(optional("code_expires_at").big_integer())
        .col(optional("wrong").big_integer())
        .foreign_key(&mut of_account("pending_sign_ins"))
        // A code was sent, with all that is to be known of it, or none was.
        .check(Expr::cust(
            "(code_seal IS NULL) = (sent_to IS NULL) AND (code_seal IS NULL) = (reference IS NULL) AND \
             (code_seal IS NULL) = (sent_at IS NULL) AND (code_seal IS NULL) = (code_expires_at IS NULL) AND \
             (code_seal IS NULL) = (wrong IS NULL)",
        ));
    let pending = backend.build(&found_by_key(&mut pending, backend)).sql;
    let indexes = [
        index("pending_sign_ins", &["account_id"]),
        index("pending_sign_ins", &["expires_at"]),
        // Codes are looked for before the rest of the queue.
        index("outbox", &["state", "kind", "due_at"]),
    ];
    let indexes = indexes.iter().map(|index| backend.build(index).sql);
    [pending].into_iter().chain(indexes).collect()
}
