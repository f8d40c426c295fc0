//! What other crates' tests and measurements hand messages to.

mod kannel;

pub use kannel::Kannel;
