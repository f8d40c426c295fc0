//! The demo's mailbox: mails stay here, to be read on a page, and go nowhere.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::mail::{Mailer, OutgoingMail, SendError};
use portique_domain::outbox::Channel;
use portique_domain::portal::PortalName;
use portique_shared::types::EmailAddress;
use serde::Serialize;

/// Messages kept; the oldest goes when one more comes, so that a demo left on for weeks keeps to its memory.
const CAPACITY: usize = 2_000;

/// A message that would have left. `Debug` is not derived: it may hold a provisional password.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DemoMessage {
    pub portal: PortalName,
    pub channel: Channel,
    pub to: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub at: Timestamp,
}

/// Messages of the demo, in memory. Cloning shares them.
#[derive(Clone, Default)]
pub struct DemoMailbox(Arc<Mutex<VecDeque<DemoMessage>>>);

impl DemoMailbox {
    pub fn new() -> Self {
        Self::default()
    }

    /// The messages kept (the last 2,000), the oldest first.
    pub fn list(&self) -> Vec<DemoMessage> {
        self.messages().iter().cloned().collect()
    }

    fn messages(&self) -> MutexGuard<'_, VecDeque<DemoMessage>> {
        // A push or a copy that panicked leaves a sound queue behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for DemoMailbox {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        let mut messages = self.messages();
        if messages.len() == CAPACITY {
            messages.pop_front();
        }
        messages.push_back(DemoMessage {
            portal: mail.portal.clone(),
            channel: Channel::Mail,
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            at: mail.at,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use portique_domain::testing;

    use super::*;

    fn mail(number: usize) -> OutgoingMail {
        let portal = testing::portal("paca");
        OutgoingMail {
            portal: portal.name,
            message_id: format!("<{number}@paca.example.org>"),
            from: portal.sender,
            to: EmailAddress::parse("jeanne@example.org").unwrap(),
            subject: format!("Message {number}"),
            text: "Bonjour".into(),
            html: "<p>Bonjour</p>".into(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_message_is_listed_with_the_fields_that_the_demo_promises() {
        let mailbox = DemoMailbox::new();
        mailbox.send(&mail(1)).await.unwrap();
        assert_eq!(
            serde_json::to_value(mailbox.list()).unwrap(),
            serde_json::json!([{
                "portal": "paca",
                "channel": "mail",
                "to": "jeanne@example.org",
                "subject": "Message 1",
                "text": "Bonjour",
                "html": "<p>Bonjour</p>",
                "at": "1970-01-01T00:00:00Z",
            }])
        );
    }

    #[tokio::test]
    async fn a_mailbox_that_is_full_forgets_its_oldest_message() {
        let mailbox = DemoMailbox::new();
        for number in 0..=CAPACITY {
            mailbox.send(&mail(number)).await.unwrap();
        }
        let kept = mailbox.list();
        assert_eq!(kept.len(), CAPACITY);
        assert_eq!(kept[0].subject, "Message 1");
        assert_eq!(kept[CAPACITY - 1].subject, format!("Message {CAPACITY}"));
    }
}
