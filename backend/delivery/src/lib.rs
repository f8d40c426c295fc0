//! Carries messages away: what they say ([`render`]), who takes them from the queue ([`worker`]), and how they leave ([`smtp`],
//! [`sms`], or [`mailbox`] in the demo).

pub mod mailbox;
mod one_line;
pub mod render;
pub mod sms;
pub mod smtp;
#[cfg(feature = "test-support")]
pub mod testing;
pub mod worker;
