//! What all endpoints share: who asks, on which portal, and how errors are told.

pub mod asker;
pub mod body;
pub mod client;
pub mod cookie;
pub mod cross_site;
pub mod envelope;
pub mod language;
pub mod portal;
pub mod problem;
pub mod refusals;
pub mod seconds;
pub mod session;
pub mod step;
pub mod surround;
pub mod user_agent;
