//! Provisioning: reads the agency's file of people, checks it against the national directory's public extraction,
//! and brings a portal's accounts in line with it.
//!
//! Four steps, each a type that the next is made from: [`People`] (the file, each row judged) → checked against the
//! directory → [`Plan`] (compared with the portal's accounts) → [`Report`] (applied, or refused). Nothing is written
//! before the last. One person from a command line takes the same parsers: [`Cells`], [`person`].

mod apply;
mod column;
mod compare;
mod decode;
mod directory;
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
mod table;

pub use apply::{Mode, Plan};
pub use column::{Column, ColumnSet};
pub use decode::TextEncoding;
pub use directory::DirectoryError;
pub use draft::{Cells, person};
pub use file::{FileError, FileFormat};
pub use finding::{Finding, Severity};
pub use people::People;
pub use progress::{Phase, Progress};
pub use report::{Outcome, Report};
