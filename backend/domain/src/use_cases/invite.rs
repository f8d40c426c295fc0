//! An invitation leaves: only now is its provisional password made, so that a hundred thousand people can be imported
//! in a minute, and no password waits in a queue.

use jiff::Timestamp;

use super::Tools;
use crate::account::{Account, AccountId, AccountStatus, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::outbox::QueuedMessage;
use crate::password::{HasherBusy, Password, generate_provisional};
use crate::portal::Portal;
use crate::store::StoreError;

/// What the invitation says.
#[derive(Debug)]
pub struct Invitation {
    pub account: Account,
    pub password: Password,
    pub expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The person has a password of their own already, or the account is disabled or gone: nothing is to be sent.
    #[error("the account awaits no invitation any more")]
    Pointless,
    /// A newer invitation has left or will: another password now would be the one that the newer mail does not tell.
    #[error("a newer invitation takes its place")]
    Superseded,
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a provisional password for the account and stores its hash; an older provisional one dies.
///
/// The hash is committed before the mail leaves: a mail that arrives opens the account, whatever crashes in between.
/// Whether the mail leaves then is the queue's to tell, not the trail's.
pub async fn prepare_invitation(
    tools: &Tools,
    portal: &Portal,
    account: AccountId,
    message: &QueuedMessage,
) -> Result<Invitation, InviteError> {
    let password = generate_provisional(tools.entropy.as_ref());
    let hash = tools
        .hasher
        .turn()?
        .hash(&password, tools.entropy.as_ref())
        .await?;
    let now = tools.clock.now();
    let expires_at = now + portal.provisional_lifetime;
    let mut unit = tools.store.begin().await?;
    let account = unit
        .account_for_update(account)
        .await?
        .filter(awaits_invitation)
        .ok_or(InviteError::Pointless)?;
    if unit.is_superseded(message).await? {
        return Err(InviteError::Superseded);
    }
    unit.set_password(account.id, &PasswordState::Provisional { hash, expires_at })
        .await?;
    unit.audit(&[AuditEvent {
        at: now,
        portal: account.portal.clone(),
        action: AuditAction::ProvisionalPasswordMade,
        result: AuditResult::Success,
        factor: "",
        account: Some(account.id),
        authenticator: None,
        address: None,
    }])
    .await?;
    unit.commit().await?;
    Ok(Invitation {
        account,
        password,
        expires_at,
    })
}

fn awaits_invitation(account: &Account) -> bool {
    account.status == AccountStatus::Active && !matches!(account.password, PasswordState::Definitive { .. })
}
