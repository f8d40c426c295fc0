//! What the client and the server both say, written once.
//!
//! Pure: no input or output, no clock, no randomness. The client compiles it to WebAssembly, the server
//! links it natively, so a rule here cannot be understood in two ways.

/// Shows a value by its type's name alone: what it holds is nobody's to read in a log.
macro_rules! silent_debug {
    ($name:ident) => {
        impl core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

pub mod api;
pub mod language;
pub mod policy;
pub mod professions;
pub mod types;
pub mod words;

pub use language::{Language, Localized};
