//! What the program promises over HTTP and on the command line, on both databases. The PostgreSQL half needs
//! `PORTIQUE_TEST_POSTGRES` (`scripts/with-postgres.sh cargo nextest run -p portique-server`).

#![expect(clippy::unwrap_used, reason = "clippy takes only the functions that bear #[test] for tests")]

mod cookies;
mod requests;
mod sessions;
mod sign_in;
mod support;
mod throttling;
