//! What the agency does to one account: invite again, disable, enable, take lost authenticators away.

use super::prove::own_passwords_of;
use super::{Tools, second_step, security};
use crate::account::{Account, AccountStatus, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::folding::fold;
use crate::link::Target;
use crate::outbox::{Message, SecurityChange};
use crate::portal::Portal;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum AdministerError {
    #[error("nobody has this identifier on the portal")]
    Unknown,
    /// A person who chose a password has no use for a provisional one.
    #[error("this person has a password of their own already")]
    HasPassword,
    #[error("the account is disabled; enable it first")]
    Disabled,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Queues another invitation, for a person whose first one is lost or too old. The older provisional password dies when it
/// leaves; who signed in with it is signed out at once, since the agency may know that it was not the person.
pub async fn invite_again(tools: &Tools, portal: &Portal, identifier: &str) -> Result<(), AdministerError> {
    let found = find(tools, portal, identifier).await?;
    may_be_invited(&found)?;
    let invitation = tools.message(
        &Message::Invitation { reference: None },
        &portal.name,
        Some(found.id),
        tools.clock.now(),
    );
    let mut unit = tools.store.begin().await?;
    // Whoever ends several sessions holds the account; and the person may have chosen a password meanwhile.
    let account = unit.account_for_update(found.id).await?;
    let account = account.ok_or(AdministerError::Unknown)?;
    may_be_invited(&account)?;
    unit.delete_sessions_of(account.id).await?;
    unit.enqueue(&[invitation]).await?;
    unit.commit().await?;
    Ok(())
}

fn may_be_invited(account: &Account) -> Result<(), AdministerError> {
    match (&account.password, account.status) {
        (PasswordState::Definitive { .. }, _) => Err(AdministerError::HasPassword),
        (_, AccountStatus::Disabled) => Err(AdministerError::Disabled),
        _ => Ok(()),
    }
}

/// Disables or enables an account. Disabling ends its sessions at once, and its links for good: what was sent before opens
/// nothing after it is enabled again. `false`, and nothing written, when it stood so already.
pub async fn set_status(
    tools: &Tools,
    portal: &Portal,
    identifier: &str,
    status: AccountStatus,
) -> Result<bool, AdministerError> {
    let account = find(tools, portal, identifier).await?;
    if account.status == status {
        return Ok(false);
    }
    let action = match status {
        AccountStatus::Active => AuditAction::AccountEnabled,
        AccountStatus::Disabled => AuditAction::AccountDisabled,
    };
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    unit.set_status(account.id, status).await?;
    if status == AccountStatus::Disabled {
        unit.delete_sessions_of(account.id).await?;
    }
    // At enabling too: the queue may have made one while the account was being disabled.
    unit.replace_links(Target::NewPassword(account.id), now).await?;
    unit.audit(&[AuditEvent {
        at: now,
        portal: portal.name.clone(),
        action,
        result: AuditResult::Success,
        factor: "",
        account: Some(account.id),
        authenticator: None,
        address: None,
    }])
    .await?;
    unit.commit().await?;
    Ok(true)
}

/// What was taken from somebody who lost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorsTaken {
    pub authenticators: usize,
    /// Those that were still to be used.
    pub recovery_codes: usize,
}

/// Takes away every authenticator, recovery code and attached card of somebody who lost them, once the agency has made sure who asks: the
/// person is asked for no more than the portal asks until they enrol anew. What was counted of their wrong codes, and of
/// wrong passwords in their sessions, is forgotten, and sessions and sign-ins that wait end.
pub async fn reset_factors(
    tools: &Tools,
    portal: &Portal,
    identifier: &str,
) -> Result<FactorsTaken, AdministerError> {
    let found = find(tools, portal, identifier).await?;
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    for key in [
        own_passwords_of(&portal.name, found.id),
        security::changes_of(&portal.name, found.id),
        second_step::wrong_codes_of(&portal.name, found.id),
        second_step::codes_of(&portal.name, found.id),
    ] {
        unit.clear_throttle(&key).await?;
    }
    let account = unit.account_for_update(found.id).await?;
    let account = account.ok_or(AdministerError::Unknown)?;
    let held = unit.factors(account.id).await?;
    for authenticator in &held.authenticators {
        unit.delete_authenticator(account.id, authenticator.id).await?;
    }
    unit.replace_recovery_codes(account.id, &[]).await?;
    unit.delete_account_cards(account.id).await?;
    unit.set_second_factor(account.id, false).await?;
    unit.delete_pending_sign_ins_of(account.id).await?;
    unit.delete_sessions_of(account.id).await?;
    let change = SecurityChange::FactorsReset;
    unit.enqueue(&security::told(tools, &account, &change, account.language, now))
        .await?;
    unit.audit(&[AuditEvent {
        at: now,
        portal: portal.name.clone(),
        action: AuditAction::FactorsReset,
        result: AuditResult::Success,
        factor: "",
        account: Some(account.id),
        authenticator: None,
        address: None,
    }])
    .await?;
    unit.commit().await?;
    Ok(FactorsTaken {
        authenticators: held.authenticators.len(),
        recovery_codes: held.recovery_codes_left(),
    })
}

/// The account that has the identifier on the portal, compared folded.
pub async fn find(tools: &Tools, portal: &Portal, identifier: &str) -> Result<Account, AdministerError> {
    let found = tools
        .store
        .account_by_identifier(&portal.name, &fold(identifier))
        .await?;
    found.ok_or(AdministerError::Unknown)
}
