//! What became of a request for help, by the reference that its page showed.
//!
//! References are sealed with the messages that carry them, so that the database alone tells nobody which mail answered
//! what. The queue is read whole for it: an operator's question, asked a few times a day, may take a second.

use uuid::Uuid;

use super::Tools;
use crate::outbox::{Message, QueuedMessage};
use crate::portal::PortalName;
use crate::reference::Reference;
use crate::store::StoreError;

/// Messages read at once: some hundred kilobytes.
const PAGE: u64 = 500;

/// The messages that carry a reference.
pub struct Trace {
    /// In the order of their making, with what they say.
    pub messages: Vec<(QueuedMessage, Message)>,
    /// How many could not be opened, because their key is gone: the reference may be in one of them.
    pub unopened: usize,
}

/// Looks the reference up in what the queue still holds, on one portal or on all of them for `None`.
pub async fn trace(
    tools: &Tools,
    portal: Option<&PortalName>,
    reference: &Reference,
) -> Result<Trace, StoreError> {
    let mut trace = Trace {
        messages: Vec::new(),
        unopened: 0,
    };
    let mut last = Uuid::nil();
    loop {
        let page = tools.store.messages_after(last, PAGE).await?;
        let Some(end) = page.last() else {
            return Ok(trace);
        };
        last = end.id;
        for message in page {
            if portal.is_some_and(|portal| message.portal != *portal) {
                continue;
            }
            match message.open(&tools.keyring) {
                Ok(content) if carries(&content, reference) => trace.messages.push((message, content)),
                Ok(_) => {}
                Err(_) => trace.unopened += 1,
            }
        }
    }
}

/// Whether a person who was shown or mailed `reference` means this message.
fn carries(message: &Message, reference: &Reference) -> bool {
    match message {
        Message::PasswordChanged { .. } | Message::SecurityChanged { .. } => false,
        Message::Invitation { reference: carried } => carried.as_ref() == Some(reference),
        Message::RequestWaiting {
            known_as,
            reference: shown,
            ..
        } => known_as == reference || shown == reference,
        Message::Asked {
            reference: carried, ..
        }
        | Message::SignInCode {
            reference: carried, ..
        }
        | Message::ContactCode {
            reference: carried, ..
        }
        | Message::PasswordLinks {
            reference: carried, ..
        }
        | Message::Identifiers {
            reference: carried, ..
        }
        | Message::AddressProof {
            reference: carried, ..
        }
        | Message::RequestRefused {
            reference: carried, ..
        } => carried == reference,
    }
}
