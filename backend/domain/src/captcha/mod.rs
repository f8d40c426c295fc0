//! Captchas: what tells a person from a program.

pub mod proof;
pub mod puzzle;
