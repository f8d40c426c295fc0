//! Passwords: what is typed, how it is kept, what is refused.

mod aside;
mod blocklist;
mod engine;
mod estimator;
mod hasher;
mod provisional;

use core::fmt;

use unicode_normalization::UnicodeNormalization;

pub use aside::Unjudged;
pub(crate) use aside::aside;
pub use blocklist::{PersonalWords, refusal, strength};
pub use engine::{Pepper, Verification};
pub use hasher::{HasherBusy, PasswordHasher, Turn};
pub use provisional::generate as generate_provisional;

/// A password as typed, in Unicode's NFC form, so that two keyboards that spell `é` differently type the same one.
/// Never shown, never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub fn new(typed: &str) -> Self {
        Self(typed.nfc().collect())
    }

    /// The text in NFC.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// An argon2id hash in PHC notation, with its salt and parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash as the database keeps it; whether it can be read shows when it is verified.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}
