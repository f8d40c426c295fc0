//! Provisioning: reads the agency's file of people, checks it against the national directory's public extraction,
//! and brings a portal's accounts in line with it.
//!
//! ```text
//! People::read           the file, each row judged          FileError: no table of people at all
//!   .check_against       the directory's extraction         DirectoryError: it is broken
//!   .compare -> Plan     the portal's accounts              StoreError
//!   .apply -> Report     one transaction, or nothing        StoreError: nothing was imported
//! ```
//!
//! What is wrong with a row is never an error of these: it is a [`Finding`], and the [`Report`] tells them all. One
//! person from a command line takes the same parsers: [`Cells`], [`person`].
//!
//! # What happens when
//! - A row with an error is refused; without [`Mode::Partial`] so is the whole import. Which of two rows for one
//!   identifier is right cannot be known: both are refused.
//! - An account is read again, locked, as it is written: what changed of it since the comparison stays, but for the
//!   columns that the file changes.
//! - An import that is interrupted, or fails, leaves no trace: run it again. One that has been done changes nothing.
//! - The database writes for some seconds per 100,000 accounts, in one transaction. On SQLite, whoever writes
//!   (signs in, for one) waits for it; on PostgreSQL, only at its end, while the audit trail is written, and a person
//!   whose record is being changed.
//! - Memory: the file and some 600 bytes a row. The extraction is streamed; of it, only the people of the file are kept.

mod apply;
mod column;
mod compare;
mod decode;
mod directory;
mod doubles;
mod draft;
mod file;
mod finding;
mod header;
mod names;
mod people;
mod progress;
mod report;
#[cfg(test)]
mod round_trip;
mod stuck;
mod table;
mod update;

pub use apply::Mode;
pub use column::{Column, ColumnSet};
pub use compare::Plan;
pub use decode::TextEncoding;
pub use directory::DirectoryError;
pub use draft::{Cells, person};
pub use file::{FileError, FileFormat};
pub use finding::{Finding, Severity};
pub use people::People;
pub use progress::{Phase, Progress};
pub use report::{Outcome, Report};
