//! The port to whatever carries mail away.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_shared::types::EmailAddress;

use crate::portal::{PortalName, Sender};

/// A mail ready to leave. `Debug` is not derived: it may hold a provisional password.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    pub portal: PortalName,
    /// The same at each try of one message, so that mail servers can drop a double.
    pub message_id: String,
    pub from: Sender,
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub at: Timestamp,
}

/// Why a mail did not leave; the words go to the queue's listing and hold nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Worth another try: no connection, a 4xx answer.
    #[error("{0}")]
    Transient(String),
    /// Not worth another: a 5xx answer, an address refused.
    #[error("{0}")]
    Permanent(String),
    /// It was handed over, and nobody knows whether it was taken: another try may send it, and have it paid for, twice.
    #[error("{0}")]
    Unknown(String),
}

/// Carries mail away.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Returns once the next server has taken the mail over.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError>;
}
