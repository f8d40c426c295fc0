//! The rules of Portique: accounts, passwords, sessions, limits, messages, audit.
//!
//! Knows no HTTP, no SQL, no SMTP: those come in through the traits of [`store`] and [`mail`], as do time
//! ([`clock`]) and randomness ([`entropy`]).

pub mod account;
pub mod application;
pub mod audit;
pub mod authenticator;
pub mod browser;
pub mod captcha;
pub mod card;
pub mod card_ceremony;
pub mod card_rows;
pub mod clock;
pub mod contact;
pub mod entropy;
pub mod factor_rows;
pub mod folding;
pub mod keyring;
pub mod link;
pub mod mail;
pub mod masking;
pub mod outbox;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod portal;
pub mod profession;
pub mod recovery;
pub mod recovery_code;
pub mod reference;
pub mod remembered_browser;
pub mod second_step;
pub mod session;
pub mod sms;
pub mod store;
pub mod support_name;
pub mod this_machine;
pub mod throttle;
mod token;
pub mod totp;
pub mod use_cases;

#[cfg(any(test, feature = "test-support"))]
pub mod testing;
