//! Who may know whom, as rules over what `cargo metadata` and the source files say.
//!
//! `tests/` applies them to this workspace; each rule is also tried here on a made-up workspace that breaks it,
//! so that a rule which can no longer fail is noticed.

pub mod dependencies;
pub mod sources;
