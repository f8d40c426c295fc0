//! What somebody asked for is looked up, away from the request: links are made, mails queued, or nothing is.

use jiff::Timestamp;
use portique_shared::Language;
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::types::EmailAddress;

use super::{Tools, tries};
use crate::account::{Account, AccountStatus, PasswordState};
use crate::application::{AccountRequest, RequestState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::new_id;
use crate::folding::fold;
use crate::link::{LIFETIME, Link, LinkToken, Target};
use crate::outbox::{DeliveryState, IdentifierLink, Message, QueuedMessage};
use crate::portal::Portal;
use crate::recovery::{Application, Wish};
use crate::reference::Reference;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{ThrottleKey, ThrottleKind};

/// What is to be looked up.
pub struct Question<'a> {
    pub portal: &'a Portal,
    pub wish: &'a Wish,
    pub reference: &'a Reference,
    pub language: Language,
    /// The queue's message that holds it, settled in the same transaction: a crash in between answers nobody twice.
    pub message: &'a QueuedMessage,
}

/// Answers by mail, if there is anybody to answer. `false` when another worker answered meanwhile.
pub async fn look_up(tools: &Tools, question: &Question<'_>) -> Result<bool, StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let found = find(unit.as_mut(), question).await?;
    let mailbox = match (&found[..], question.wish) {
        ([account, ..], _) => Some(&account.record.email),
        ([], Wish::Account(application)) => Some(&application.email),
        ([], _) => None,
    };
    let allowed = match mailbox {
        Some(mailbox) => has_room(unit.as_mut(), question, mailbox, now).await?,
        None => true,
    };
    let settled = unit
        .settle_message(
            question.message.id,
            question.message.attempts,
            DeliveryState::Sent,
            now,
            None,
        )
        .await?;
    if !settled {
        return Ok(false);
    }
    let mut messages = Vec::new();
    if allowed {
        let mut answer = Answer {
            tools,
            question,
            unit: unit.as_mut(),
            now,
        };
        messages = answer.messages(&found).await?;
    }
    unit.enqueue(&messages).await?;
    let result = match (mailbox.is_some(), allowed) {
        (true, false) => AuditResult::OverQuota,
        (true, true) => AuditResult::Success,
        (false, _) => AuditResult::UnknownIdentifier,
    };
    let nobody = [None];
    let accounts: Vec<_> = found.iter().map(|account| Some(account.id)).collect();
    let whose = if accounts.is_empty() {
        &nobody[..]
    } else {
        &accounts
    };
    let events: Vec<AuditEvent> = whose
        .iter()
        .map(|account| AuditEvent {
            at: now,
            portal: question.portal.name.clone(),
            action: AuditAction::HelpAnswered,
            result,
            factor: question.wish.kind(),
            account: *account,
            address: None,
        })
        .collect();
    unit.audit(&events).await?;
    unit.commit().await?;
    Ok(true)
}

/// The accounts that the wish names and that may be answered.
async fn find(unit: &mut dyn UnitOfWork, question: &Question<'_>) -> Result<Vec<Account>, StoreError> {
    let portal = &question.portal.name;
    let found = match question.wish {
        Wish::Password {
            by: RecoveryBy::Identifier,
            subject,
        } => {
            let account = unit.account_by_identifier(portal, &fold(subject)).await?;
            account.into_iter().collect()
        }
        Wish::Password {
            by: RecoveryBy::Email,
            ..
        }
        | Wish::Identifier { .. }
        | Wish::Invitation { .. }
        | Wish::Account(_) => unit.accounts_by_email(portal, &question.wish.subject()).await?,
    };
    let active = |account: &Account| account.status == AccountStatus::Active;
    Ok(found.into_iter().filter(active).collect())
}

/// Whether the mailbox may get one more mail today that anybody could have asked for; it is counted.
async fn has_room(
    unit: &mut dyn UnitOfWork,
    question: &Question<'_>,
    mailbox: &EmailAddress,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let share = question.wish.share_of(mailbox);
    let key = ThrottleKey::text(ThrottleKind::Mailbox, &question.portal.name, &share);
    Ok(tries::reserve(unit, &[key], now).await?.is_ok())
}

/// The making of an answer.
struct Answer<'a> {
    tools: &'a Tools,
    question: &'a Question<'a>,
    unit: &'a mut dyn UnitOfWork,
    now: Timestamp,
}

impl Answer<'_> {
    async fn messages(&mut self, found: &[Account]) -> Result<Vec<QueuedMessage>, StoreError> {
        match (self.question.wish, found) {
            (Wish::Account(application), []) => Ok(vec![self.address_proof(application).await?]),
            (_, []) => Ok(Vec::new()),
            (Wish::Password { .. }, found) => Ok(vec![self.password_links(found).await?]),
            (Wish::Identifier { .. }, found) => Ok(vec![self.identifiers(found, false)]),
            (Wish::Account(_), found) => Ok(vec![self.identifiers(found, true)]),
            (Wish::Invitation { .. }, found) => Ok(self.invitations(found)),
        }
    }

    /// One mail with a link for each account of the address. Older links give way.
    async fn password_links(&mut self, found: &[Account]) -> Result<QueuedMessage, StoreError> {
        let mut links = Vec::new();
        for account in found {
            let token = self.link(Target::NewPassword(account.id)).await?;
            links.push(IdentifierLink {
                identifier: account.record.identifier.to_string(),
                token,
            });
        }
        let message = Message::PasswordLinks {
            links,
            reference: self.question.reference.clone(),
            language: self.question.language,
            expires_at: self.now + LIFETIME,
        };
        Ok(self.queued(&message, found.first()))
    }

    fn identifiers(&self, found: &[Account], asked_account: bool) -> QueuedMessage {
        let message = Message::Identifiers {
            identifiers: found
                .iter()
                .map(|account| account.record.identifier.to_string())
                .collect(),
            reference: self.question.reference.clone(),
            language: self.question.language,
            asked_account,
        };
        self.queued(&message, found.first())
    }

    /// A new provisional password for each account that never had another; whoever chose one gets their identifiers.
    fn invitations(&self, found: &[Account]) -> Vec<QueuedMessage> {
        let invited: Vec<QueuedMessage> = found
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
            vec![self.identifiers(found, false)]
        } else {
            invited
        }
    }

    /// Writes the application down, in the place of an earlier one of the same address, and asks to prove the address.
    async fn address_proof(&mut self, application: &Application) -> Result<QueuedMessage, StoreError> {
        let portal = &self.question.portal.name;
        let folded = fold(application.email.as_str());
        let earlier = self.unit.undecided_request_of(portal, &folded).await?;
        let id = match earlier {
            // Proved, and in the agency's hands: what it reads must not change under it.
            Some(waiting) if waiting.state == RequestState::Waiting => waiting.id,
            earlier => {
                let request = AccountRequest {
                    id: earlier.as_ref().map_or_else(
                        || new_id(self.tools.entropy.as_ref(), self.now),
                        |earlier| earlier.id,
                    ),
                    portal: portal.clone(),
                    reference: self.question.reference.clone(),
                    application: application.clone(),
                    language: self.question.language,
                    state: RequestState::Unproved,
                    created_at: self.now,
                };
                if earlier.is_some() {
                    self.unit.save_account_request(&request).await?;
                } else {
                    self.unit.insert_account_request(&request).await?;
                }
                request.id
            }
        };
        let token = self.link(Target::Application(id)).await?;
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
