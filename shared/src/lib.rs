//! What the client and the server both say, written once.
//!
//! Pure: no input or output, no clock, no randomness. The client compiles it to WebAssembly, the server
//! links it natively, so a rule here cannot be understood in two ways.

pub mod api;
pub mod language;
pub mod policy;
pub mod professions;
pub mod types;
pub mod words;

pub use language::{Language, Localized};
