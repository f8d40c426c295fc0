//! Captchas: what tells a person from a program.

pub mod proof;
pub mod puzzle;

use jiff::SignedDuration;

/// Long enough to fill in a form after the captcha, short enough that used ones need not be remembered for long.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(2);
