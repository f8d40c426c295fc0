//! Cards: ceremonies that wait for one to be shown, those that people attached to their accounts, and which one it was in the trail.

use sea_orm::DbBackend;
use sea_orm::sea_query::Expr;

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let mut ceremonies = table("card_ceremonies");
    ceremonies
        .col(column("key").blob().primary_key())
        .col(column("cookie_hash").blob())
        .col(column("portal").text())
        .col(column("purpose").text())
        .col(optional("session_hash").blob())
        .col(column("expires_at").big_integer())
        .col(optional("answer_hash").blob().unique_key())
        .col(optional("fault").text())
        // As the accounts beside it have theirs; these live for minutes.
        .col(optional("number").text())
        .col(optional("family_name").text())
        .col(optional("given_name").text())
        // For the trail: which card it was.
        .col(optional("certificate").text())
        // Nothing was shown; or a card, with all that is to be known of it; or something else, and why it is refused.
        .check(Expr::cust(
            "(answer_hash IS NULL) = (fault IS NULL AND number IS NULL) AND (fault IS NULL OR number IS NULL) AND \
             (number IS NULL) = (family_name IS NULL) AND (number IS NULL) = (given_name IS NULL)",
        ));
    let mut cards = table("account_cards");
    cards
        .col(column("id").uuid().primary_key())
        .col(column("account_id").uuid())
        .col(column("portal").text())
        .col(column("number").text())
        .col(column("family_name").text())
        .col(column("given_name").text())
        .col(column("attached_at").big_integer())
        .col(optional("last_used_at").big_integer())
        .foreign_key(&mut of_account("account_cards"));
    vec![
        // Which of them an entry speaks of.
        "ALTER TABLE audit_entries ADD COLUMN authenticator text NOT NULL DEFAULT ''".to_owned(),
        backend.build(&found_by_key(&mut ceremonies, backend)).sql,
        backend.build(&index("card_ceremonies", &["expires_at"])).sql,
        backend.build(&cards).sql,
        backend.build(&index("account_cards", &["account_id"])).sql,
        backend
            .build(index("account_cards", &["portal", "number"]).unique())
            .sql,
    ]
}
