//! How a try ended, and what is written down of it.

use jiff::{SignedDuration, Timestamp};
use portique_domain::mail::SendError;
use portique_domain::outbox::{DeliveryState, QueuedMessage, backoff};
use portique_domain::store::StoreError;

/// Longest pause of a message that waits for the hashing threads, not for the mail server.
const BUSY_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Why a message did not leave.
pub(super) enum Failure {
    /// Nothing is to be sent any more.
    Pointless(&'static str),
    /// The hashing threads have no room; not the message's fault.
    Busy,
    Transient(String),
    Permanent(String),
    /// Perhaps sent: not tried again, and no sign that anybody answers there.
    Unknown(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a message can't be prepared");
        Self::Transient("the database failed".to_owned())
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Transient(reason) => Self::Transient(reason),
            // Whoever waits for it asks for another, which is counted.
            SendError::Unknown(reason) => Self::Unknown(reason),
            SendError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

/// What is written down of a try.
pub(super) struct Ending {
    pub(super) state: DeliveryState,
    pub(super) due_at: Timestamp,
    pub(super) error: Option<String>,
}

/// What becomes of the message after a try that ended so.
pub(super) fn ending(message: &QueuedMessage, result: Result<(), Failure>, now: Timestamp) -> Ending {
    let (state, due_at, error) = match result {
        Ok(()) => (DeliveryState::Sent, now, None),
        // Done with, and no alarm: the listing's note says that no mail left.
        Err(Failure::Pointless(note)) => (DeliveryState::Sent, now, Some(note.to_owned())),
        Err(Failure::Busy) => {
            let pause = backoff(message.attempts).min(BUSY_PAUSE);
            let note = "put off: too many passwords were being verified".to_owned();
            (DeliveryState::Queued, now + pause, Some(note))
        }
        Err(Failure::Transient(reason)) => {
            let (state, due_at) = message.after_failure(false, now);
            (state, due_at, Some(reason))
        }
        Err(Failure::Permanent(reason) | Failure::Unknown(reason)) => {
            let (state, due_at) = message.after_failure(true, now);
            (state, due_at, Some(reason))
        }
    };
    Ending { state, due_at, error }
}

pub(super) fn log(message: &QueuedMessage, ending: &Ending) {
    let (id, portal, kind, tries) = (message.id, &message.portal, &message.kind, message.attempts);
    // Where there is none, the line has no such field.
    let reason = ending.error.as_deref();
    match ending.state {
        DeliveryState::Sent => {
            tracing::info!(%id, %portal, kind, tries, reason, "message done with");
        }
        DeliveryState::Queued => {
            tracing::warn!(%id, %portal, kind, tries, reason, "message to be tried again");
        }
        DeliveryState::Dead => {
            tracing::error!(%id, %portal, kind, tries, reason, "message given up");
        }
    }
}

#[cfg(test)]
mod tests {
    use portique_domain::account::AccountId;
    use portique_domain::keyring::{Key, Keyring};
    use portique_domain::outbox::{MAX_ATTEMPTS, Message};
    use portique_domain::portal::PortalName;
    use portique_domain::testing::SeededEntropy;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_message_that_waits_for_the_hashing_threads_is_put_off_and_never_given_up_for_it() {
        let keyring = Keyring::new(vec![Key::new(1, [1; 32])]).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let mut message = QueuedMessage::new(
            &Message::Invitation { reference: None },
            &PortalName::parse("paca").unwrap(),
            Some(AccountId(Uuid::nil())),
            &keyring,
            &SeededEntropy::new(1),
            now,
        );
        for attempts in 1..=3 * MAX_ATTEMPTS {
            message.attempts = attempts;
            let ending = ending(&message, Err(Failure::Busy), now);
            assert_eq!(ending.state, DeliveryState::Queued);
            let pause = ending.due_at.duration_since(now);
            assert!(
                pause >= SignedDuration::from_secs(30) && pause <= BUSY_PAUSE,
                "{pause:?}"
            );
        }
    }
}
