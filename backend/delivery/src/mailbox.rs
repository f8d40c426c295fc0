//! The demo's mailbox: mails and SMS stay here, to be read on a page, and go nowhere.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::mail::{Mailer, OutgoingMail, SendError};
use portique_domain::outbox::Channel;
use portique_domain::portal::PortalName;
use portique_domain::sms::{NoReport, OutgoingSms, Report, ReportCall, SmsGateway};
use serde::Serialize;

/// Messages kept; the oldest goes when one more comes, so that a demo left on for weeks keeps to its memory.
const CAPACITY: usize = 2_000;

/// A message that would have left. `Debug` is not derived: it may hold a provisional password.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DemoMessage {
    pub portal: PortalName,
    pub channel: Channel,
    /// An address, or a number.
    pub to: String,
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

    fn keep(&self, message: DemoMessage) {
        let mut messages = self.messages();
        if messages.len() == CAPACITY {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    fn messages(&self) -> MutexGuard<'_, VecDeque<DemoMessage>> {
        // A push or a copy that panicked leaves a sound queue behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for DemoMailbox {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        self.keep(DemoMessage {
            portal: mail.portal.clone(),
            channel: Channel::Mail,
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            at: mail.at,
        });
        Ok(())
    }
}

#[async_trait]
impl SmsGateway for DemoMailbox {
    fn kind(&self) -> &'static str {
        "demo"
    }

    /// An SMS has neither subject nor HTML.
    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        self.keep(DemoMessage {
            portal: sms.portal.clone(),
            channel: Channel::Sms,
            to: sms.to.to_string(),
            subject: String::new(),
            text: sms.text.clone(),
            html: String::new(),
            at: sms.at,
        });
        Ok(None)
    }

    fn read_report(&self, _: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        Err(NoReport)
    }
}

#[cfg(test)]
mod tests {
    use portique_domain::testing;
    use portique_shared::types::EmailAddress;

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
        Mailer::send(&mailbox, &mail(1)).await.unwrap();
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
            Mailer::send(&mailbox, &mail(number)).await.unwrap();
        }
        let kept = mailbox.list();
        assert_eq!(kept.len(), CAPACITY);
        assert_eq!(kept[0].subject, "Message 1");
        assert_eq!(kept[CAPACITY - 1].subject, format!("Message {CAPACITY}"));
    }
}
