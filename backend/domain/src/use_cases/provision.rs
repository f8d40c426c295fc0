//! The agency gives people accounts: one at a time, or many from a file that was read and judged before.

use portique_shared::Language;

use super::Tools;
use crate::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::new_id;
use crate::outbox::{Message, QueuedMessage};
use crate::portal::Portal;
use crate::store::StoreError;

/// A person to be given an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub record: Record,
    pub language: Language,
}

/// Creates accounts without a password and queues their invitations, in one transaction. The order is kept.
///
/// # Errors
/// [`StoreError::Conflict`] when an identifier is taken on the portal (compared folded); nothing is created then.
pub async fn create_accounts(
    tools: &Tools,
    portal: &Portal,
    people: &[NewPerson],
) -> Result<Vec<AccountId>, StoreError> {
    let now = tools.clock.now();
    let entropy = tools.entropy.as_ref();
    let accounts: Vec<Account> = people
        .iter()
        .map(|person| Account {
            id: AccountId(new_id(entropy, now)),
            portal: portal.name.clone(),
            record: person.record.clone(),
            status: AccountStatus::Active,
            password: PasswordState::None,
            language: person.language,
            created_at: now,
            last_sign_in_at: None,
        })
        .collect();
    let invitations: Vec<QueuedMessage> = accounts
        .iter()
        .map(|account| {
            QueuedMessage::new(
                &Message::Invitation,
                &portal.name,
                account.id,
                &tools.keyring,
                entropy,
                now,
            )
        })
        .collect();
    let events: Vec<AuditEvent> = accounts
        .iter()
        .map(|account| event(portal, account.id, AuditAction::AccountCreated, now))
        .collect();
    let mut unit = tools.store.begin().await?;
    unit.insert_accounts(&accounts).await?;
    unit.enqueue(&invitations).await?;
    unit.audit(&events).await?;
    unit.commit().await?;
    Ok(accounts.into_iter().map(|account| account.id).collect())
}

/// Replaces the records of accounts that exist, in one transaction. Passwords and sessions stay.
pub async fn update_records(
    tools: &Tools,
    portal: &Portal,
    changes: &[(AccountId, Record)],
) -> Result<(), StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    for (account, record) in changes {
        unit.update_record(*account, record).await?;
    }
    let events: Vec<AuditEvent> = changes
        .iter()
        .map(|(account, _)| event(portal, *account, AuditAction::AccountUpdated, now))
        .collect();
    unit.audit(&events).await?;
    unit.commit().await
}

fn event(portal: &Portal, account: AccountId, action: AuditAction, at: jiff::Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: portal.name.clone(),
        action,
        result: AuditResult::Success,
        factor: "",
        account: Some(account),
        address: None,
    }
}
