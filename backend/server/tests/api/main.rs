//! What the program promises over HTTP and on the command line, on both databases. The PostgreSQL half needs
//! `PORTIQUE_TEST_POSTGRES` (`scripts/with-postgres.sh cargo nextest run -p portique-server`).

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes only the functions that bear #[test] for tests"
)]

mod account_requests;
mod account_requests_rivals;
mod audit;
mod captcha;
mod cards;
mod cards_attached;
mod cards_attached_rivals;
mod cards_ceremony;
mod cards_config;
mod cards_judged;
mod cards_proxy;
mod cards_tls;
mod change_password;
mod cli_account;
mod cli_administer;
mod cli_cards;
mod cli_config;
mod cli_import;
mod cli_operator;
mod cli_queue;
mod cli_reference;
mod cli_serve;
mod cli_stuck;
mod config;
mod config_judged;
mod config_values;
mod contacts;
mod contacts_limits;
mod contacts_phone;
mod cookies;
mod crash;
mod demo;
mod first_connection;
mod hashing;
mod headers;
mod health;
mod held_rows;
mod import_changes;
mod logs;
mod new_password_rules;
mod openapi;
mod own_sessions;
mod pages;
mod passkeys;
mod passkeys_second_step;
mod pictures;
mod portal;
mod recovery;
mod recovery_limits;
mod recovery_links;
mod recovery_links_void;
mod recovery_mailboxes;
mod remembered_browsers;
mod remembered_browsers_rivals;
mod requests;
mod second_step;
mod second_step_limits;
mod second_step_rivals;
mod security;
mod security_races;
mod sessions;
mod sign_in;
mod signed_in_limits;
mod sms;
mod sms_config;
mod sms_kannel;
mod sms_limits;
mod sms_reports;
mod support;
mod throttling;
