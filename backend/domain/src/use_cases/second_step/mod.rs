//! The second step of a sign-in, or of a proof in a session: one of the person's factors is right, and the session starts or is
//! proved. A code is sent ([`send`]) or none is needed: an application shows one, a recovery code was kept, a passkey signs.

mod enter;
mod passkey;
mod recovery_code;
mod remember;
mod send;
mod sms;
mod verify;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;

pub use self::passkey::ask_passkey;
pub use self::remember::Remember;
pub use self::send::send;
pub(super) use self::send::{codes_of, count, new_code, word, wrong_codes_of};
pub(super) use self::sms::spend as spend_sms;
pub use self::verify::{Given, verify};
use super::Tools;
use crate::account::{Account, AccountId, AccountStatus};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::passkey::Refusal;
use crate::password::HasherBusy;
use crate::portal::Portal;
use crate::second_step::{Methods, PendingSignIn, StepToken, Verified};
use crate::session::Visitor;
use crate::store::StoreError;

/// Who comes with which token.
#[derive(Clone, Copy)]
pub struct Comer<'a> {
    pub portal: &'a Portal,
    pub token: &'a StepToken,
    pub language: Language,
    pub visitor: Visitor,
}

/// A sign-in that waits, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    pub pending: PendingSignIn,
    pub account: Account,
    pub methods: Methods,
}

#[derive(Debug, thiserror::Error)]
pub enum SecondStepError {
    /// None waits (any more), or the account changed meanwhile: the sign-in begins again with the password.
    #[error("no sign-in waits for its second step")]
    Ended,
    /// The account has no such destination, or the portal sends nothing there.
    #[error("no code can go there")]
    NoSuchDestination,
    /// The portal does not take this factor of this person.
    #[error("not a factor of this person")]
    NoSuchMethod,
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
    /// Its time or its tries are over, none was sent, or none goes any more where it went.
    #[error("the code can't be used any more")]
    CodeSpent,
    /// Which of the account's keys, and why, is in the audit trail.
    #[error("the passkey is refused: {0}")]
    WrongPasskey(Refusal),
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The sign-in that waits for its second step, if one does.
pub async fn look(
    tools: &Tools,
    portal: &Portal,
    token: &StepToken,
) -> Result<Option<SecondStep>, StoreError> {
    let Some((pending, account)) = find(tools, portal, token).await? else {
        return Ok(None);
    };
    let held = tools.store.factors(account.id).await?;
    let methods = Methods::of(&portal.second_factor, &account.record, &held);
    Ok(Some(SecondStep {
        pending,
        account,
        methods,
    }))
}

/// The sign-in that waits, and whose it is.
async fn find(
    tools: &Tools,
    portal: &Portal,
    token: &StepToken,
) -> Result<Option<(PendingSignIn, Account)>, StoreError> {
    let Some(pending) = tools.store.pending_sign_in(&portal.name, token.hash()).await? else {
        return Ok(None);
    };
    let account = tools.store.account(pending.account).await?;
    let now = tools.clock.now();
    Ok(account
        .filter(|account| is_live(&pending, account, now))
        .map(|account| (pending, account)))
}

/// Gives the second step up.
pub async fn cancel(tools: &Tools, token: &StepToken) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.delete_pending_sign_in(token.hash()).await?;
    unit.commit().await
}

/// Whether the step can still be taken: in time, by an account that is as it was when its password was verified.
fn is_live(pending: &PendingSignIn, account: &Account, now: Timestamp) -> bool {
    let stands = match &pending.verified {
        Verified::Password(hash) => account.password.hash() == Some(hash) && !account.password.is_over(now),
        // Who detaches a card ends the sign-ins that wait.
        Verified::Card => true,
    };
    stands && pending.is_live(now) && account.status == AccountStatus::Active
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
        authenticator: None,
        address: Some(comer.visitor.address),
    }
}
