//! What the storage promises, on both databases. The PostgreSQL half needs `PORTIQUE_TEST_POSTGRES`.

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes only the functions that bear #[test] for tests"
)]

mod account_requests;
mod accounts;
mod audit;
mod cards;
mod connect;
mod contact_changes;
mod migrations;
mod outbox;
mod passkey_challenges;
mod remembered_browsers;
mod sessions;
mod support;
mod throttles;
mod unit_of_work;
