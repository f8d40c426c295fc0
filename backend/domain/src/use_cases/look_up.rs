//! What somebody asked for is looked up, away from the request: links are made, mails queued, or nothing is.

mod answer;

use jiff::Timestamp;
use portique_shared::Language;
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::types::EmailAddress;

use self::answer::Answer;
use super::{Tools, tries};
use crate::account::{Account, AccountId, AccountStatus};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::outbox::{DeliveryState, QueuedMessage};
use crate::portal::Portal;
use crate::recovery::Wish;
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

/// Whom the wish names.
struct Found {
    /// Those to be answered.
    mailboxes: Vec<Mailbox>,
    /// Answered like nobody; the trail says why.
    disabled: Vec<AccountId>,
}

/// One address and the accounts that have it.
struct Mailbox {
    address: EmailAddress,
    accounts: Vec<Account>,
}

/// Answers by mail, if there is anybody to answer. `false` when another worker answered meanwhile.
pub async fn look_up(tools: &Tools, question: &Question<'_>) -> Result<bool, StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let found = find(unit.as_mut(), question).await?;
    let address = match (&found.mailboxes[..], question.wish) {
        ([mailbox, ..], _) => Some(&mailbox.address),
        ([], Wish::Account(application)) => Some(&application.email),
        ([], _) => None,
    };
    let allowed = match address {
        Some(address) => has_room(unit.as_mut(), question, address, now).await?,
        None => true,
    };
    let settled = unit
        .settle_message(
            question.message.id,
            question.message.attempts,
            DeliveryState::Sent,
            now,
            note(question, &found, allowed),
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
        messages = answer.messages(&found.mailboxes).await?;
    }
    unit.enqueue(&messages).await?;
    unit.audit(&events(question, &found, allowed, now)).await?;
    unit.commit().await?;
    Ok(true)
}

/// Why no mail came of it, for whoever is asked «I got none»; `None` where one did.
fn note(question: &Question<'_>, found: &Found, allowed: bool) -> Option<&'static str> {
    if !allowed {
        Some("nothing was sent: the mailbox had its share for the day")
    } else if !found.mailboxes.is_empty() || matches!(question.wish, Wish::Account(_)) {
        None
    } else if found.disabled.is_empty() {
        Some("nothing was sent: nobody has what was typed")
    } else {
        Some("nothing was sent: the account is disabled")
    }
}

/// What the trail says: an entry for each account, or one of nobody's.
fn events(question: &Question<'_>, found: &Found, allowed: bool, now: Timestamp) -> Vec<AuditEvent> {
    let answered = if allowed {
        AuditResult::Success
    } else {
        AuditResult::OverQuota
    };
    let accounts = found.mailboxes.iter().flat_map(|mailbox| &mailbox.accounts);
    let mut whose: Vec<_> = accounts.map(|account| (Some(account.id), answered)).collect();
    if whose.is_empty() && matches!(question.wish, Wish::Account(_)) {
        whose.push((None, answered));
    }
    let disabled = found.disabled.iter();
    whose.extend(disabled.map(|account| (Some(*account), AuditResult::Disabled)));
    if whose.is_empty() {
        whose.push((None, AuditResult::UnknownIdentifier));
    }
    let event = |(account, result)| AuditEvent {
        at: now,
        portal: question.portal.name.clone(),
        action: AuditAction::HelpAnswered,
        result,
        factor: question.wish.kind(),
        account,
        authenticator: None,
        address: None,
    };
    whose.into_iter().map(event).collect()
}

/// The accounts that the wish names.
async fn find(unit: &mut dyn UnitOfWork, question: &Question<'_>) -> Result<Found, StoreError> {
    let (portal, subject) = (&question.portal.name, question.wish.subject());
    let named = match question.wish {
        Wish::Password {
            by: RecoveryBy::Identifier,
            ..
        } => unit.account_by_identifier(portal, &subject).await?,
        _ => None,
    };
    let accounts = match named {
        Some(account) => vec![account],
        // Browsers fill in what was typed elsewhere: an e-mail in the identifier's place leads to its accounts too.
        None => unit.accounts_by_email(portal, &subject).await?,
    };
    let (active, disabled): (Vec<_>, Vec<_>) = accounts
        .into_iter()
        .partition(|account| account.status == AccountStatus::Active);
    Ok(Found {
        mailboxes: by_mailbox(active),
        disabled: disabled.into_iter().map(|account| account.id).collect(),
    })
}

/// What one database's folding takes for one address may be two mailboxes: nobody's link goes to another's.
fn by_mailbox(accounts: Vec<Account>) -> Vec<Mailbox> {
    let mut mailboxes: Vec<Mailbox> = Vec::new();
    for account in accounts {
        let address = &account.record.email;
        let same = mailboxes
            .iter_mut()
            .find(|mailbox| is_same_mailbox(&mailbox.address, address));
        match same {
            Some(mailbox) => mailbox.accounts.push(account),
            None => mailboxes.push(Mailbox {
                address: address.clone(),
                accounts: vec![account],
            }),
        }
    }
    mailboxes
}

/// Case does not tell mailboxes apart: no server in use lets it.
fn is_same_mailbox(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
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
