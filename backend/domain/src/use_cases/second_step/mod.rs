//! The second step of a sign-in: a code is sent, typed, and the session starts.

mod send;
mod sms;
mod verify;

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;

pub use self::send::send;
pub(super) use self::send::{codes_of, limits, new_code, word, wrong_codes_of};
pub use self::verify::verify;
use super::Tools;
use crate::account::{Account, AccountId, AccountStatus};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::portal::Portal;
use crate::second_step::{PendingSignIn, StepToken};
use crate::store::StoreError;

/// Who comes with which token.
#[derive(Clone, Copy)]
pub struct Comer<'a> {
    pub portal: &'a Portal,
    pub token: &'a StepToken,
    pub language: Language,
    pub address: IpAddr,
}

/// A sign-in that waits, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    pub pending: PendingSignIn,
    pub account: Account,
}

#[derive(Debug, thiserror::Error)]
pub enum SecondStepError {
    /// None waits (any more), or the account changed meanwhile: the sign-in begins again with the password.
    #[error("no sign-in waits for its second step")]
    Ended,
    /// The account has no such destination, or the portal sends nothing there.
    #[error("no code can go there")]
    NoSuchDestination,
    #[error("too many wrong codes")]
    Blocked { retry_after: SignedDuration },
    /// Another code was asked for too soon, or too often.
    #[error("asked for too soon, or too often")]
    TooOften { retry_after: SignedDuration },
    /// No SMS can be sent for now: the account, the address or the portal had its share of the day. A mail still can.
    #[error("the day's SMS are spent")]
    SmsSpent { retry_after: SignedDuration },
    #[error("not the code that was sent")]
    WrongCode,
    /// Its time or its tries are over, or none was sent.
    #[error("the code can't be used any more")]
    CodeSpent,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The sign-in that waits for its second step, if one does.
pub async fn look(
    tools: &Tools,
    portal: &Portal,
    token: &StepToken,
) -> Result<Option<SecondStep>, StoreError> {
    let Some(pending) = tools.store.pending_sign_in(&portal.name, token.hash()).await? else {
        return Ok(None);
    };
    let account = tools.store.account(pending.account).await?;
    let step = account.map(|account| SecondStep { pending, account });
    Ok(step.filter(|step| step.is_live(tools.clock.now())))
}

/// Gives the second step up.
pub async fn cancel(tools: &Tools, token: &StepToken) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.delete_pending_sign_in(token.hash()).await?;
    unit.commit().await
}

impl SecondStep {
    /// Whether it can still be taken: in time, by an account that is as it was when its password was verified.
    fn is_live(&self, now: Timestamp) -> bool {
        self.pending.is_live(now)
            && self.account.status == AccountStatus::Active
            && self.account.password.hash() == Some(&self.pending.verified)
            && !self.account.password.is_over(now)
    }
}

fn event(
    comer: Comer<'_>,
    account: AccountId,
    action: AuditAction,
    factor: &'static str,
    result: AuditResult,
    at: Timestamp,
) -> AuditEvent {
    AuditEvent {
        at,
        portal: comer.portal.name.clone(),
        action,
        result,
        factor,
        account: Some(account),
        address: Some(comer.address),
    }
}
