//! A row that is read by position: looking a column's name up costs more than reading its value.

use portique_domain::store::StoreResult;
use sea_orm::{QueryResult, TryGetable};

use crate::error::store_error;

/// A row's columns, one after the other.
pub(crate) struct Columns<'row> {
    row: &'row QueryResult,
    next: usize,
}

impl<'row> Columns<'row> {
    pub(crate) fn of(row: &'row QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next one.
    pub(crate) fn get<T: TryGetable>(&mut self) -> StoreResult<T> {
        let index = self.next;
        self.next += 1;
        self.row.try_get_by_index(index).map_err(store_error)
    }
}
