//! The queue of messages: written in the transaction that causes them, sent by a worker, kept until they are gone.

mod security_change;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::second_step::Destination;
use portique_shared::types::{EmailAddress, OneTimeCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::security_change::SecurityChange;
use crate::account::{Account, AccountId};
use crate::contact::Contact;
use crate::entropy::{Entropy, new_id};
use crate::keyring::{CannotOpen, Keyring};
use crate::link::LinkToken;
use crate::portal::PortalName;
use crate::recovery::Wish;
use crate::reference::Reference;
use crate::sms::Reported;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Mail,
    Sms,
}

impl Channel {
    pub const ALL: [Self; 2] = [Self::Mail, Self::Sms];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// The kind of [`Message::SignInCode`].
pub const SIGN_IN_CODE: &str = "sign_in_code";
/// The kind of [`Message::ContactCode`].
pub const CONTACT_CODE: &str = "contact_code";
/// Somebody waits for these: they leave before whatever else is due.
pub const AWAITED: [&str; 2] = [SIGN_IN_CODE, CONTACT_CODE];

/// What a message says; the words are the templates' affair.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Identifier, provisional password (made when it leaves), how to go on.
    Invitation {
        /// Of the request that it answers, if a person asked for it.
        #[serde(default)]
        reference: Option<Reference>,
    },
    /// «Votre changement de mot de passe a bien été pris en compte.»
    PasswordChanged {
        at: Timestamp,
        language: Language,
        #[serde(default)]
        to: Mailbox,
        /// As that of [`Message::SecurityChanged`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        former: Option<EmailAddress>,
    },
    /// What opens the account was changed, or a recovery code was used.
    SecurityChanged {
        change: SecurityChange,
        at: Timestamp,
        language: Language,
        to: Mailbox,
        /// In the place of `to`, where the account may have another by now: whoever lost an address to a thief is told there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        former: Option<EmailAddress>,
    },
    /// A code that proves a new rescue address or telephone, sent there.
    ContactCode {
        code: OneTimeCode,
        to: Contact,
        reference: Reference,
        language: Language,
        expires_at: Timestamp,
    },
    /// A one-time code for a sign-in.
    SignInCode {
        code: OneTimeCode,
        to: Destination,
        reference: Reference,
        language: Language,
        expires_at: Timestamp,
    },
    /// No mail yet: what somebody asked for. Who has an account is looked up later, so that the answer does not depend on it.
    Asked {
        wish: Wish,
        reference: Reference,
        language: Language,
    },
    /// The identifiers of one address, each with a link to a new password.
    PasswordLinks {
        /// Theirs when they were looked up: one account's new address must not get the links of the others.
        email: EmailAddress,
        links: Vec<IdentifierLink>,
        reference: Reference,
        language: Language,
        expires_at: Timestamp,
    },
    /// The identifiers of one address.
    Identifiers {
        /// Theirs when they were looked up.
        email: EmailAddress,
        identifiers: Vec<String>,
        reference: Reference,
        language: Language,
        /// Whether the person asked for an account, not knowing that there is one.
        asked_account: bool,
    },
    /// Asks a person without an account to prove their address.
    AddressProof {
        email: EmailAddress,
        token: LinkToken,
        reference: Reference,
        language: Language,
        expires_at: Timestamp,
    },
    /// An account was asked for again while the agency has the request already.
    RequestWaiting {
        email: EmailAddress,
        /// The reference by which the agency knows it.
        known_as: Reference,
        /// The one that the page showed this time.
        reference: Reference,
        language: Language,
    },
    /// The agency refuses the account that was asked for.
    RequestRefused {
        email: EmailAddress,
        reference: Reference,
        language: Language,
        /// In the agency's own words; may be empty.
        reason: String,
    },
}

/// An identifier and the link that was made for it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct IdentifierLink {
    pub identifier: String,
    pub token: LinkToken,
}

/// Which of an account's addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mailbox {
    #[default]
    Main,
    Rescue,
}

impl Message {
    /// Its name in the queue's listing.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Invitation { .. } => "invitation",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SecurityChanged { .. } => "security_changed",
            Self::ContactCode { .. } => CONTACT_CODE,
            Self::SignInCode { .. } => SIGN_IN_CODE,
            Self::Asked { wish, .. } => wish.kind(),
            Self::PasswordLinks { .. } => "password_links",
            Self::Identifiers { .. } => "identifiers",
            Self::AddressProof { .. } => "address_proof",
            Self::RequestWaiting { .. } => "request_waiting",
            Self::RequestRefused { .. } => "request_refused",
        }
    }

    /// Where it goes, so far as that is known: what somebody asked for is looked up when it is its turn.
    pub fn destination<'a>(&'a self, account: Option<&'a Account>) -> Option<&'a EmailAddress> {
        match self {
            Self::Asked { .. }
            | Self::SignInCode {
                to: Destination::RescuePhone,
                ..
            }
            | Self::ContactCode {
                to: Contact::Phone(_),
                ..
            } => None,
            Self::PasswordChanged {
                former: Some(email), ..
            }
            | Self::SecurityChanged {
                former: Some(email), ..
            }
            | Self::ContactCode {
                to: Contact::Email(email),
                ..
            }
            | Self::PasswordLinks { email, .. }
            | Self::Identifiers { email, .. }
            | Self::AddressProof { email, .. }
            | Self::RequestWaiting { email, .. }
            | Self::RequestRefused { email, .. } => Some(email),
            Self::PasswordChanged {
                to: Mailbox::Rescue, ..
            }
            | Self::SecurityChanged {
                to: Mailbox::Rescue, ..
            }
            | Self::SignInCode {
                to: Destination::RescueEmail,
                ..
            } => account?.record.rescue_email.as_ref(),
            Self::Invitation { .. }
            | Self::PasswordChanged { .. }
            | Self::SecurityChanged { .. }
            | Self::SignInCode { .. } => Some(&account?.record.email),
        }
    }

    /// How it travels.
    pub const fn channel(&self) -> Channel {
        match self {
            Self::SignInCode {
                to: Destination::RescuePhone,
                ..
            }
            | Self::ContactCode {
                to: Contact::Phone(_),
                ..
            } => Channel::Sms,
            _ => Channel::Mail,
        }
    }
}

/// A message as the database keeps it, its content sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMessage {
    pub id: Uuid,
    pub portal: PortalName,
    /// `None` while nobody knows whose it is, and for people without an account.
    pub account: Option<AccountId>,
    pub channel: Channel,
    /// [`Message::kind`], for listings.
    pub kind: String,
    pub sealed: Vec<u8>,
    pub created_at: Timestamp,
    pub state: DeliveryState,
    /// Tries begun so far.
    pub attempts: u32,
    /// When it may be tried; while a worker holds it, when its hold ends (a worker that died lets go by dying).
    pub due_at: Timestamp,
    /// Why the last try failed, without anything personal.
    pub last_error: Option<String>,
    /// What the gateway told of an SMS.
    pub reported: Option<Reported>,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// Waits for its time, or is in a worker's hands.
    Queued,
    Sent,
    /// Given up after its tries; `portique outbox retry` takes it up again.
    Dead,
}

impl DeliveryState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Queued, Self::Sent, Self::Dead]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// How long a worker may hold a message before another takes it for dead.
pub const HOLD: SignedDuration = SignedDuration::from_mins(5);

/// How long a sent message is kept: long enough to answer «I got no mail», no longer than that takes.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Tries before a message is given up: with the pauses below, over a day and a half. A mail server's week-end of
/// trouble shows in `portique outbox list` on Sunday morning, not as a silent loss.
pub const MAX_ATTEMPTS: u32 = 16;

/// Pause after the `attempts`th failure: 30 s, doubled each time, at most 6 h.
pub fn backoff(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(16);
    (SignedDuration::from_secs(30) * (1 << doublings)).min(SignedDuration::from_hours(6))
}

impl QueuedMessage {
    /// A message due now.
    pub fn new(
        message: &Message,
        portal: &PortalName,
        account: Option<AccountId>,
        keyring: &Keyring,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Self {
        let id = new_id(entropy, now);
        let text = serde_json::to_vec(message).expect("an enum of plain fields always serialises");
        Self {
            id,
            portal: portal.clone(),
            account,
            channel: message.channel(),
            kind: message.kind().to_owned(),
            sealed: keyring.seal(&purpose(id), &text, entropy),
            created_at: now,
            state: DeliveryState::Queued,
            attempts: 0,
            due_at: now,
            last_error: None,
            reported: None,
        }
    }

    /// What the message says.
    pub fn open(&self, keyring: &Keyring) -> Result<Message, CannotOpen> {
        let text = keyring.open(&purpose(self.id), &self.sealed)?;
        serde_json::from_slice(&text).map_err(|_| CannotOpen)
    }

    /// What becomes of it after a failed try.
    pub fn after_failure(&self, permanent: bool, now: Timestamp) -> (DeliveryState, Timestamp) {
        if permanent || self.attempts >= MAX_ATTEMPTS {
            (DeliveryState::Dead, now)
        } else {
            (DeliveryState::Queued, now + backoff(self.attempts))
        }
    }
}

fn purpose(id: Uuid) -> String {
    format!("outbox:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_double_up_to_six_hours_and_last_more_than_a_day_and_a_half() {
        assert_eq!(backoff(1), SignedDuration::from_secs(30));
        assert_eq!(backoff(2), SignedDuration::from_secs(60));
        assert_eq!(backoff(30), SignedDuration::from_hours(6));
        let total = (1..MAX_ATTEMPTS).fold(SignedDuration::ZERO, |sum, attempts| sum + backoff(attempts));
        assert!(total > SignedDuration::from_hours(36), "{total:?}");
    }
}
