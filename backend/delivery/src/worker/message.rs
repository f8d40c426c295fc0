//! One message in hand: opened, put into words, sent, settled.

mod settling;

use std::sync::Arc;

use portique_domain::account::Account;
use portique_domain::application::RequestState;
use portique_domain::mail::OutgoingMail;
use portique_domain::outbox::{Channel, DeliveryState, MAX_ATTEMPTS, Message, QueuedMessage};
use portique_domain::portal::Portal;
use portique_domain::reference::Reference;
use portique_domain::store::StoreError;
use portique_domain::use_cases::invite::{Invitation, InviteError, prepare_invitation};
use portique_domain::use_cases::look_up::{Question, look_up};

use super::ending::{Ending, Failure, ending, log};
use super::letter::{letter, owner};
use super::{Means, Tried};
use crate::render::{Content, Letter, Quoted, render};

/// Tries begun after which a message is given up even if none of them ended: each may have ended the server.
const MAX_BEGUN: u32 = 3 * MAX_ATTEMPTS;

/// How a message that did not fail ended.
enum Delivered {
    /// In the mail server's hands, which is still to be written down.
    Sent,
    /// Written down already.
    Settled,
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
        let nobody_answers = matches!(result, Err(Failure::Unknown(_)));
        let ending = ending(&message, result, self.tools.clock.now());
        log(&message, &ending);
        self.settle(&message, &ending).await;
        match ending.state {
            DeliveryState::Dead if nobody_answers => Tried::Unanswered,
            DeliveryState::Queued => Tried::Unanswered,
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
        if let Message::SignInCode { expires_at, .. } | Message::ContactCode { expires_at, .. } = &content
            && self.tools.clock.now() >= *expires_at
        {
            // It would only frighten: nobody waits for it any more.
            return Err(Failure::Pointless("nothing was sent: the code's time was over"));
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
        if message.channel == Channel::Sms {
            self.text(message, &content, portal, account.as_ref()).await?;
            return Ok(Delivered::Sent);
        }
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
        let nothing = Quoted::default();
        let quotes = self.quotes.get(&portal.name).unwrap_or(&nothing);
        let words = |letter: &Letter<'_>| {
            render(message.id, letter, portal, quotes, self.tools.clock.now())
                .map_err(|error| Failure::Permanent(error.to_string()))
        };
        if let Message::Invitation { reference } = content {
            let accepted = match reference {
                Some(reference) => self.is_accepted(portal, reference).await?,
                None => false,
            };
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
                    accepted,
                },
            });
        }
        words(&letter(content, account.as_ref())?)
    }

    /// Whether the reference is that of an account which was asked for and granted. One that only asks for a lost invitation
    /// is no such.
    async fn is_accepted(&self, portal: &Portal, reference: &Reference) -> Result<bool, StoreError> {
        let request = self.tools.store.account_request(&portal.name, reference).await?;
        Ok(request.is_some_and(|request| request.state == RequestState::Accepted))
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
}
