//! One message in hand: opened, put into words, sent, settled.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portique_domain::account::Account;
use portique_domain::mail::{OutgoingMail, SendError};
use portique_domain::outbox::{DeliveryState, MAX_ATTEMPTS, Mailbox, Message, QueuedMessage, backoff};
use portique_domain::portal::Portal;
use portique_domain::store::StoreError;
use portique_domain::use_cases::invite::{Invitation, InviteError, prepare_invitation};
use portique_domain::use_cases::look_up::{Question, look_up};

use super::{Means, Tried};
use crate::render::{Content, Letter, render};

/// Longest pause of a message that waits for the hashing threads, not for the mail server.
const BUSY_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Tries begun after which a message is given up even if none of them ended: each may have ended the server.
const MAX_BEGUN: u32 = 3 * MAX_ATTEMPTS;

/// Pauses between tries to write down that a mail left. Together well within the hold that is left by then.
const SETTLE_PAUSES: [Duration; 4] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(9),
];

/// How a message that did not fail ended.
enum Delivered {
    /// In the mail server's hands, which is still to be written down.
    Sent,
    /// Written down already.
    Settled,
}

/// Why a message did not leave.
enum Failure {
    /// Nothing is to be sent any more.
    Pointless(&'static str),
    /// The hashing threads have no room; not the message's fault.
    Busy,
    Transient(String),
    Permanent(String),
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
            SendError::Permanent(reason) => Self::Permanent(reason),
        }
    }
}

/// What is written down of a try.
struct Ending {
    state: DeliveryState,
    due_at: Timestamp,
    error: Option<String>,
}

impl Means {
    /// Tries the message once and writes down how that ended.
    pub(super) async fn try_message(self: Arc<Self>, message: QueuedMessage) -> Tried {
        let result = match self.deliver(&message).await {
            // Written down in the same transaction as what it led to.
            Ok(Delivered::Settled) => return Tried::Settled,
            Ok(Delivered::Sent) => Ok(()),
            Err(failure) => Err(failure),
        };
        let ending = ending(&message, result, self.tools.clock.now());
        log(&message, &ending);
        self.settle(&message, &ending).await;
        match ending.state {
            DeliveryState::Queued => Tried::NotNow,
            DeliveryState::Sent | DeliveryState::Dead => Tried::Settled,
        }
    }

    async fn deliver(&self, message: &QueuedMessage) -> Result<Delivered, Failure> {
        if message.attempts > MAX_BEGUN {
            let reason = format!("given up: {MAX_BEGUN} tries were begun, and none ended well");
            return Err(Failure::Permanent(reason));
        }
        let content = message
            .open(&self.tools.keyring)
            .map_err(|error| Failure::Permanent(error.to_string()))?;
        let portal = self.portals.get(&message.portal).ok_or_else(|| {
            Failure::Permanent(format!(
                "the portal {} is not configured any more",
                message.portal
            ))
        })?;
        if let Message::Asked {
            wish,
            reference,
            language,
        } = &content
        {
            let question = Question {
                portal,
                wish,
                reference,
                language: *language,
                message,
            };
            look_up(&self.tools, &question).await?;
            return Ok(Delivered::Settled);
        }
        let account = match message.account {
            None => None,
            Some(id) => Some(
                self.tools
                    .store
                    .account(id)
                    .await?
                    .ok_or_else(|| Failure::Permanent("the account is gone".to_owned()))?,
            ),
        };
        let mail = self.put_into_words(message, &content, portal, account).await?;
        self.mailer.send(&mail).await?;
        Ok(Delivered::Sent)
    }

    async fn put_into_words(
        &self,
        message: &QueuedMessage,
        content: &Message,
        portal: &Portal,
        account: Option<Account>,
    ) -> Result<OutgoingMail, Failure> {
        let words = |letter: &Letter<'_>| {
            render(message.id, letter, portal, self.tools.clock.now())
                .map_err(|error| Failure::Permanent(error.to_string()))
        };
        if let Message::Invitation { reference } = content {
            let invitation = self.invite(message, portal, owner(account)?).await?;
            let record = &invitation.account.record;
            return words(&Letter {
                to: &record.email,
                language: invitation.account.language,
                reference: reference.as_ref(),
                content: Content::Invitation {
                    identifier: record.identifier.as_str(),
                    password: &invitation.password,
                    expires_at: invitation.expires_at,
                },
            });
        }
        words(&letter(content, account.as_ref())?)
    }

    async fn invite(
        &self,
        message: &QueuedMessage,
        portal: &Portal,
        account: Account,
    ) -> Result<Invitation, Failure> {
        // Nobody closes the semaphore; were it closed, hashing at will would still be right.
        let _turn = self.hashing.acquire().await.ok();
        prepare_invitation(&self.tools, portal, account.id, message)
            .await
            .map_err(|error| match error {
                InviteError::Pointless => Failure::Pointless(
                    "nothing was sent: the account has a password of its own already, or is disabled",
                ),
                InviteError::Superseded => {
                    Failure::Pointless("nothing was sent: a newer invitation takes its place")
                }
                InviteError::Busy(_) => Failure::Busy,
                InviteError::Store(error) => error.into(),
            })
    }

    /// A mail that left must be written down, or it leaves again: the database gets several chances.
    async fn settle(&self, message: &QueuedMessage, ending: &Ending) {
        let mut pauses = SETTLE_PAUSES.into_iter();
        loop {
            match self.write_down(message, ending).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(id = %message.id, "another worker took the message up meanwhile");
                    return;
                }
                Err(error) => tracing::error!(id = %message.id, %error, "a try can't be written down"),
            }
            let Some(pause) = pauses.next() else { return };
            wait(pause).await;
        }
    }

    async fn write_down(&self, message: &QueuedMessage, ending: &Ending) -> Result<bool, StoreError> {
        let mut unit = self.tools.store.begin().await?;
        let written = unit
            .settle_message(
                message.id,
                message.attempts,
                ending.state,
                ending.due_at,
                ending.error.as_deref(),
            )
            .await?;
        unit.commit().await?;
        Ok(written)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pace of the worker: a database that fails is given time, and tests turn tokio's clock"
)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// The letter of a message that needs nothing made for it.
fn letter<'a>(message: &'a Message, account: Option<&'a Account>) -> Result<Letter<'a>, Failure> {
    Ok(match message {
        Message::Invitation { .. } | Message::Asked { .. } => {
            return Err(Failure::Permanent(
                "the message is not one that is sent as it is".to_owned(),
            ));
        }
        Message::PasswordChanged { at, language, to } => {
            let record = &owner(account)?.record;
            let to = match to {
                Mailbox::Main => Some(&record.email),
                Mailbox::Rescue => record.rescue_email.as_ref(),
            };
            Letter {
                to: to.ok_or(Failure::Pointless("the account has no such address any more"))?,
                language: *language,
                reference: None,
                content: Content::PasswordChanged {
                    identifier: record.identifier.as_str(),
                    at: *at,
                },
            }
        }
        Message::PasswordLinks {
            email,
            links,
            reference,
            language,
            expires_at,
        } => Letter {
            to: email,
            language: *language,
            reference: Some(reference),
            content: Content::PasswordLinks {
                links,
                expires_at: *expires_at,
            },
        },
        Message::Identifiers {
            email,
            identifiers,
            reference,
            language,
            asked_account,
        } => Letter {
            to: email,
            language: *language,
            reference: Some(reference),
            content: Content::Identifiers {
                identifiers,
                asked_account: *asked_account,
            },
        },
        Message::AddressProof {
            email,
            token,
            reference,
            language,
            expires_at,
        } => Letter {
            to: email,
            language: *language,
            reference: Some(reference),
            content: Content::AddressProof {
                token,
                expires_at: *expires_at,
            },
        },
        Message::RequestWaiting {
            email,
            known_as,
            reference,
            language,
        } => Letter {
            to: email,
            language: *language,
            reference: Some(known_as),
            content: Content::RequestWaiting { shown: reference },
        },
        Message::RequestRefused {
            email,
            reference,
            language,
            reason,
        } => Letter {
            to: email,
            language: *language,
            reference: Some(reference),
            content: Content::RequestRefused { reason },
        },
    })
}

/// Whose the message is, where it must be somebody's.
fn owner<T>(account: Option<T>) -> Result<T, Failure> {
    account.ok_or_else(|| Failure::Permanent("the message belongs to no account".to_owned()))
}

fn ending(message: &QueuedMessage, result: Result<(), Failure>, now: Timestamp) -> Ending {
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
        Err(Failure::Permanent(reason)) => {
            let (state, due_at) = message.after_failure(true, now);
            (state, due_at, Some(reason))
        }
    };
    Ending { state, due_at, error }
}

fn log(message: &QueuedMessage, ending: &Ending) {
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
        for attempts in 1..=MAX_BEGUN {
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
