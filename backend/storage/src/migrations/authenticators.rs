//! Authenticators and recovery codes; sessions whose person proved anew who they are; the wish for a second factor.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, Index, Table};

use super::columns::{column, found_by_key, index, of_account, optional, table};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    let authenticators = table("authenticators")
        .col(column("id").uuid().primary_key())
        .col(column("account_id").uuid())
        .col(column("name").text())
        .col(column("created_at").big_integer())
        .col(optional("last_used_at").big_integer())
        .col(column("data").blob())
        .col(optional("last_step").big_integer())
        .col(optional("credential").blob())
        .foreign_key(&mut of_account("authenticators"))
        // An application knows its last step, a passkey its credential.
        .check(Expr::cust("(last_step IS NULL) <> (credential IS NULL)"))
        .to_owned();
    let mut codes = table("recovery_codes");
    codes
        .col(column("account_id").uuid())
        .col(column("slot").small_integer())
        .col(column("hash").text())
        .col(column("made_at").big_integer())
        .col(optional("used_at").big_integer())
        .primary_key(
            Index::create()
                .col(Alias::new("account_id"))
                .col(Alias::new("slot")),
        )
        .foreign_key(&mut of_account("recovery_codes"));
    let tables = [authenticators, found_by_key(&mut codes, backend)];
    let indexes = [
        index("authenticators", &["account_id"]),
        index("authenticators", &["credential"]).unique().to_owned(),
    ];
    let mut wanted = column("wants_second_factor");
    let columns = [
        ("accounts", wanted.boolean().default(false).to_owned()),
        ("sessions", optional("proved_at").big_integer().to_owned()),
        ("pending_sign_ins", optional("proof_of").blob().to_owned()),
    ];
    let tables = tables.iter().map(|table| backend.build(table).sql);
    let indexes = indexes.iter().map(|index| backend.build(index).sql);
    let columns = columns.into_iter().map(|(table, mut column)| {
        let altered = Table::alter()
            .table(Alias::new(table))
            .add_column(&mut column)
            .to_owned();
        backend.build(&altered).sql
    });
    tables.chain(indexes).chain(columns).collect()
}
