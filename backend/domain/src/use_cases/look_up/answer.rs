//! The making of an answer: its links and its mails.

use jiff::Timestamp;

use super::{Mailbox, Question, is_same_mailbox};
use crate::account::{Account, PasswordState};
use crate::application::{AccountRequest, RequestState};
use crate::entropy::new_id;
use crate::folding::fold;
use crate::link::{LIFETIME, Link, LinkToken, Target};
use crate::outbox::{IdentifierLink, Message, QueuedMessage};
use crate::recovery::{Application, Wish};
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;

pub(super) struct Answer<'a> {
    pub(super) tools: &'a Tools,
    pub(super) question: &'a Question<'a>,
    pub(super) unit: &'a mut dyn UnitOfWork,
    pub(super) now: Timestamp,
}

impl Answer<'_> {
    /// The mails to those mailboxes, or to the person who asks for an account and has none.
    pub(super) async fn messages(&mut self, mailboxes: &[Mailbox]) -> Result<Vec<QueuedMessage>, StoreError> {
        if let (Wish::Account(application), []) = (self.question.wish, mailboxes) {
            return Ok(vec![self.application(application).await?]);
        }
        let mut messages = Vec::new();
        for mailbox in mailboxes {
            match self.question.wish {
                Wish::Password { .. } => messages.push(self.password_links(mailbox).await?),
                Wish::Identifier { .. } => messages.push(self.identifiers(mailbox, false)),
                Wish::Account(_) => messages.push(self.identifiers(mailbox, true)),
                Wish::Invitation { .. } => messages.extend(self.invitations(mailbox)),
            }
        }
        Ok(messages)
    }

    /// One mail with a link for each account of the address. Older links give way.
    async fn password_links(&mut self, mailbox: &Mailbox) -> Result<QueuedMessage, StoreError> {
        let mut links = Vec::new();
        for account in &mailbox.accounts {
            let token = self.link(Target::NewPassword(account.id)).await?;
            links.push(IdentifierLink {
                identifier: account.record.identifier.to_string(),
                token,
            });
        }
        let message = Message::PasswordLinks {
            email: mailbox.address.clone(),
            links,
            reference: self.question.reference.clone(),
            language: self.question.language,
            expires_at: self.now + LIFETIME,
        };
        Ok(self.queued(&message, mailbox.accounts.first()))
    }

    fn identifiers(&self, mailbox: &Mailbox, asked_account: bool) -> QueuedMessage {
        let message = Message::Identifiers {
            email: mailbox.address.clone(),
            identifiers: mailbox
                .accounts
                .iter()
                .map(|account| account.record.identifier.to_string())
                .collect(),
            reference: self.question.reference.clone(),
            language: self.question.language,
            asked_account,
        };
        self.queued(&message, mailbox.accounts.first())
    }

    /// A new provisional password for each account that never had another; whoever chose one gets their identifiers.
    fn invitations(&self, mailbox: &Mailbox) -> Vec<QueuedMessage> {
        let invited: Vec<QueuedMessage> = mailbox
            .accounts
            .iter()
            .filter(|account| !matches!(account.password, PasswordState::Definitive { .. }))
            .map(|account| {
                let message = Message::Invitation {
                    reference: Some(self.question.reference.clone()),
                };
                self.queued(&message, Some(account))
            })
            .collect();
        if invited.is_empty() {
            vec![self.identifiers(mailbox, false)]
        } else {
            invited
        }
    }

    /// Asks to prove the address, unless it was proved and the agency is to decide.
    async fn application(&mut self, application: &Application) -> Result<QueuedMessage, StoreError> {
        let folded = fold(application.email.as_str());
        let mut undecided = self
            .unit
            .undecided_requests_of(&self.question.portal.name, &folded)
            .await?;
        undecided.retain(|earlier| is_same_mailbox(&earlier.application.email, &application.email));
        if let Some(waiting) = undecided
            .iter()
            .find(|earlier| earlier.state == RequestState::Waiting)
        {
            return Ok(self.already_waiting(waiting));
        }
        // Anybody can ask with this address: what says something else is another request, with a link of its own.
        let same = undecided
            .into_iter()
            .find(|earlier| earlier.application == *application);
        self.address_proof(application, same).await
    }

    /// What the agency reads must not change under it, nor the reference that it may have written down: anybody can ask
    /// with this address. Its owner is told the one that counts.
    fn already_waiting(&self, waiting: &AccountRequest) -> QueuedMessage {
        let message = Message::RequestWaiting {
            email: waiting.application.email.clone(),
            known_as: waiting.reference.clone(),
            reference: self.question.reference.clone(),
            language: self.question.language,
        };
        self.queued(&message, None)
    }

    /// Writes the application down, in the place of an earlier one that says the same, and asks to prove the address.
    async fn address_proof(
        &mut self,
        application: &Application,
        earlier: Option<AccountRequest>,
    ) -> Result<QueuedMessage, StoreError> {
        let request = AccountRequest {
            id: earlier.as_ref().map_or_else(
                || new_id(self.tools.entropy.as_ref(), self.now),
                |earlier| earlier.id,
            ),
            portal: self.question.portal.name.clone(),
            reference: self.question.reference.clone(),
            application: application.clone(),
            language: self.question.language,
            state: RequestState::Unproved,
            created_at: self.now,
            decided_at: None,
        };
        if earlier.is_some() {
            self.unit.save_account_request(&request).await?;
        } else {
            self.unit.insert_account_request(&request).await?;
        }
        let token = self.link(Target::Application(request.id)).await?;
        let message = Message::AddressProof {
            email: application.email.clone(),
            token,
            reference: self.question.reference.clone(),
            language: self.question.language,
            expires_at: self.now + LIFETIME,
        };
        Ok(self.queued(&message, None))
    }

    async fn link(&mut self, target: Target) -> Result<LinkToken, StoreError> {
        let token = LinkToken::generate(self.tools.entropy.as_ref());
        let link = Link::new(&token, &self.question.portal.name, target, self.now);
        self.unit.replace_links(target, self.now).await?;
        self.unit.insert_link(&link).await?;
        Ok(token)
    }

    fn queued(&self, message: &Message, account: Option<&Account>) -> QueuedMessage {
        let account = account.map(|account| account.id);
        self.tools
            .message(message, &self.question.portal.name, account, self.now)
    }
}
