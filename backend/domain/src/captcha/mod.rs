//! Captchas: what tells a person from a program.

pub mod proof;
pub mod puzzle;

use jiff::{SignedDuration, Timestamp};

/// Long enough to fill in a form after the captcha, short enough that used ones need not be remembered for long.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(2);

/// A captcha that was given out or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Captcha {
    /// SHA-256 of the portal and of what names the challenge.
    pub key: [u8; 32],
    /// Of a picture, the cell to be chosen.
    pub answer: Option<u8>,
    pub expires_at: Timestamp,
}
