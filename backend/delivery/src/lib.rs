//! Carries messages away: what they say ([`render`]), who takes them from the queue ([`worker`]), and how they leave ([`smtp`],
//! or [`mailbox`] in the demo).

pub mod mailbox;
mod one_line;
pub mod render;
pub mod smtp;
pub mod worker;
