//! The letter of a message: to whom, in which language, what.

use portique_domain::account::Account;
use portique_domain::outbox::Message;

use super::ending::Failure;
use crate::render::{Content, Letter};

const NO_SUCH_ADDRESS: Failure = Failure::Pointless("the account has no such address any more");

/// The letter of a message that needs nothing made for it.
pub(super) fn letter<'a>(message: &'a Message, account: Option<&'a Account>) -> Result<Letter<'a>, Failure> {
    Ok(match message {
        Message::Invitation { .. } | Message::Asked { .. } => {
            return Err(Failure::Permanent(
                "the message is not one that is sent as it is".to_owned(),
            ));
        }
        Message::PasswordChanged { at, language, .. } => Letter {
            content: Content::PasswordChanged {
                identifier: owner(account)?.record.identifier.as_str(),
                at: *at,
            },
            to: message.destination(account).ok_or(NO_SUCH_ADDRESS)?,
            language: *language,
            reference: None,
        },
        Message::SecurityChanged {
            change, at, language, ..
        } => Letter {
            content: Content::SecurityChanged {
                identifier: owner(account)?.record.identifier.as_str(),
                change,
                at: *at,
            },
            to: message.destination(account).ok_or(NO_SUCH_ADDRESS)?,
            language: *language,
            reference: None,
        },
        Message::SignInCode {
            code,
            reference,
            language,
            expires_at,
            ..
        } => Letter {
            to: message.destination(account).ok_or(NO_SUCH_ADDRESS)?,
            language: *language,
            reference: Some(reference),
            content: Content::SignInCode {
                code,
                expires_at: *expires_at,
            },
        },
        Message::ContactCode { .. }
        | Message::PasswordLinks { .. }
        | Message::Identifiers { .. }
        | Message::AddressProof { .. }
        | Message::RequestWaiting { .. }
        | Message::RequestRefused { .. } => {
            return by_itself(message).ok_or(NO_SUCH_ADDRESS);
        }
    })
}

/// The letter of a message that carries its own address.
fn by_itself(message: &Message) -> Option<Letter<'_>> {
    Some(match message {
        Message::ContactCode {
            code,
            to,
            reference,
            language,
            expires_at,
        } => Letter {
            to: to.email()?,
            language: *language,
            reference: Some(reference),
            content: Content::ContactCode {
                code,
                expires_at: *expires_at,
            },
        },
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
        _ => return None,
    })
}

/// Whose the message is, where it must be somebody's.
pub(super) fn owner<T>(account: Option<T>) -> Result<T, Failure> {
    account.ok_or_else(|| Failure::Permanent("the message belongs to no account".to_owned()))
}
