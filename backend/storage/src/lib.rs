//! Keeps accounts, sessions, limits, messages and the audit trail, in SQLite or in PostgreSQL.
//!
//! ```text
//! Database::connect(url, options)   one file or one server; a plain word about what is wrong
//!     .migrate()                    brings the schema up to date
//!     : Store                       reads, and begin() -> UnitOfWork, a transaction
//! ```
//!
//! Only the ports of `portique_domain::store` show outside: entities, SQL and the ORM's errors stay in this crate.
//! Times are kept as milliseconds since 1970, in UTC; identifiers as UUIDs; hashes as bytes.
//!
//! # Locks
//! On PostgreSQL a transaction takes its row locks in this order, so that two never wait for each other: the account's
//! throttle (or whatever stands for one person), a reference, a passkey's challenge or a card's ceremony, the account, its cards, its sign-ins and new contacts that
//! wait, its sessions, its remembered browsers, the address's throttle, the portal's throttle, captchas, requests for accounts, links,
//! messages, the head of the audit trail. Whoever deletes several sessions of an account has locked it before.
//!
//! What strangers share, an address's throttle or a portal's, comes after whatever may be held for long, an account above all, as
//! during an import: a try that must be counted before it is known what it leads to is counted in a transaction of its own, and one
//! that was right is taken back last. Codes that are sent are counted before SMS. Sweeping and the worker pass over
//! rows that somebody holds. On SQLite there is one lock, the file's; a transaction takes it when it begins, so that none
//! fails halfway.

mod columns;
mod connect;
mod database;
mod entities;
mod error;
mod migrations;
mod repositories;
mod row;
mod unit_of_work;

#[cfg(feature = "test-support")]
pub mod testing;

pub use connect::{ConnectError, Options};
pub use database::Database;
pub use migrations::MigrateError;
