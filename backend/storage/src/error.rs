//! The ORM's errors, in the words of the port. Bound values may be personal: none gets into a message.

use portique_domain::store::StoreError;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// For `map_err`.
#[expect(clippy::needless_pass_by_value, reason = "map_err gives it by value")]
pub(crate) fn store_error(error: DbErr) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => StoreError::Conflict,
        _ => StoreError::Database(describe(&error)),
    }
}

/// What went wrong, without the values of the statement.
pub(crate) fn describe(error: &DbErr) -> String {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(driver))
        | DbErr::Exec(RuntimeErr::SqlxError(driver))
        | DbErr::Query(RuntimeErr::SqlxError(driver)) => describe_driver(driver),
        other => other.to_string(),
    }
}

/// PostgreSQL quotes a value that it can't read (class 22, «data exception») in its message; the rows of its other
/// errors are in their detail, which is left out. SQLite's messages name columns only.
pub(crate) fn describe_driver(error: &SqlxError) -> String {
    match error {
        SqlxError::Database(database) => {
            let code = database.code().unwrap_or_default();
            if code.len() == 5 && code.starts_with("22") {
                format!("a value was refused (SQLSTATE {code})")
            } else {
                format!("{} (code {code})", database.message())
            }
        }
        SqlxError::ColumnDecode { index, .. } => format!("column {index} can't be read"),
        SqlxError::Decode(_) | SqlxError::Encode(_) => "a value can't be read or written".to_owned(),
        other => other.to_string(),
    }
}
