//! A message that leaves as SMS.

use portique_domain::account::Account;
use portique_domain::contact::Contact;
use portique_domain::outbox::{Message, QueuedMessage};
use portique_domain::portal::Portal;
use portique_domain::second_step::takes_sms;
use portique_domain::sms::{OutgoingSms, asked_next};
use portique_domain::store::StoreError;

use super::Means;
use super::ending::Failure;
use super::letter::owner;
use crate::sms::sign_in_code;

impl Means {
    /// Hands the message to the gateway and writes down its name for it.
    pub(super) async fn text(
        &self,
        message: &QueuedMessage,
        content: &Message,
        portal: &Portal,
        account: Option<&Account>,
    ) -> Result<(), Failure> {
        let record = &owner(account)?.record;
        let (code, reference, language, expires_at, phone) = match content {
            Message::SignInCode {
                code,
                reference,
                language,
                expires_at,
                ..
            } => (
                code,
                reference,
                language,
                expires_at,
                record.rescue_phone.as_ref(),
            ),
            // Where the number is to be proved, not where codes go today.
            Message::ContactCode {
                code,
                to: Contact::Phone(phone),
                reference,
                language,
                expires_at,
            } => (code, reference, language, expires_at, Some(phone)),
            _ => {
                return Err(Failure::Permanent(
                    "the message is not one that is sent by SMS".to_owned(),
                ));
            }
        };
        let to = phone
            .filter(|phone| takes_sms(&portal.second_factor, record, phone))
            .ok_or(Failure::Pointless(
                "nothing was sent: the account has no phone any more to which the portal sends SMS",
            ))?;
        let sms = self
            .sms
            .as_ref()
            .ok_or_else(|| Failure::Permanent("no SMS gateway is configured any more".to_owned()))?;
        let now = self.tools.clock.now();
        let outgoing = OutgoingSms {
            portal: portal.name.clone(),
            id: message.id,
            to: to.clone(),
            text: sign_in_code(portal, code, reference, *language, *expires_at, now),
            report_url: sms.report_url(portal, &self.tools.keyring, message.id),
            good_for: expires_at.duration_since(now),
            at: now,
        };
        let gateway_id = sms.gateway.send(&outgoing).await?;
        // It left: were this not written down, only its report would be missing.
        if let Err(error) = self.note(message, gateway_id.as_deref()).await {
            tracing::error!(id = %message.id, %error, "an SMS that left can't be written down");
        }
        Ok(())
    }

    async fn note(&self, message: &QueuedMessage, gateway_id: Option<&str>) -> Result<(), StoreError> {
        let now = self.tools.clock.now();
        let is_to_be_asked = self.sms.as_ref().is_some_and(|sms| sms.gateway.is_to_be_asked());
        let ask_at = asked_next(message.created_at, now).filter(|_| is_to_be_asked && gateway_id.is_some());
        let mut unit = self.tools.store.begin().await?;
        unit.note_accepted_sms(message.id, gateway_id, now, ask_at)
            .await?;
        unit.commit().await
    }
}
