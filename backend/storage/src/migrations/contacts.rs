//! New rescue addresses and telephones that wait for the code that proves them.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, Index};

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut changes = table("contact_changes");
    changes
        .col(column("account_id").uuid())
        .col(column("kind").text())
        .col(column("id").uuid())
        // As the record beside it has its own; this one lives for minutes.
        .col(column("value").text())
        .col(column("expires_at").big_integer())
        .col(optional("code_seal").blob())
        .col(optional("reference").text())
        .col(optional("sent_at").big_integer())
        .col(optional("code_expires_at").big_integer())
        .col(optional("wrong").big_integer())
        .primary_key(
            Index::create()
                .col(Alias::new("account_id"))
                .col(Alias::new("kind")),
        )
        .foreign_key(&mut of_account("contact_changes"))
        // A code was sent, with all that is to be known of it, or none was.
        .check(Expr::cust(
            "(code_seal IS NULL) = (reference IS NULL) AND (code_seal IS NULL) = (sent_at IS NULL) AND \
             (code_seal IS NULL) = (code_expires_at IS NULL) AND (code_seal IS NULL) = (wrong IS NULL)",
        ));
    vec![
        backend.build(&found_by_key(&mut changes, backend)).sql,
        backend.build(&index("contact_changes", &["expires_at"])).sql,
    ]
}
