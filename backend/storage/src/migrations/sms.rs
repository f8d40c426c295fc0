//! What gateways tell of the SMS that they took.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, ColumnDef, Table};

use super::columns::{index, optional};

pub(super) fn statements(backend: DbBackend) -> Vec<String> {
    // One statement a column: SQLite takes no more.
    let added = |column: &mut ColumnDef| {
        let table = Table::alter()
            .table(Alias::new("outbox"))
            .add_column(column)
            .to_owned();
        backend.build(&table).sql
    };
    let mut statements = vec![
        added(optional("gateway_id").text()),
        added(optional("report").text()),
        added(optional("report_code").text()),
        added(optional("reported_at").big_integer()),
        added(optional("ask_at").big_integer()),
    ];
    let indexes = [
        // Each channel is drained by itself.
        index("outbox", &["state", "channel", "due_at"]),
        index("outbox", &["ask_at"]),
    ];
    statements.extend(indexes.iter().map(|index| backend.build(index).sql));
    statements
}
