use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::second_step::Destination;

use super::{Comer, SecondStep, SecondStepError, event, look, sms};
use crate::account::{Account, AccountId};
use crate::audit::{AuditAction, AuditResult};
use crate::outbox::{Message, QueuedMessage};
use crate::portal::{Portal, PortalName};
use crate::reference::Reference;
use crate::second_step::{CODE_LIFETIME, PendingSignIn, SentCode, generate_code, seal};
use crate::store::StoreError;
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::Tools;
use crate::use_cases::tries::{self, Counted, Ready};

/// Sends a code, or another one: the one before is good for nothing then.
///
/// # Errors
/// [`SecondStepError::TooOften`] within 30 seconds of the code before, and by the limits of the account, the address and the
/// portal; [`SecondStepError::SmsSpent`] by theirs for SMS. The code before stays as good as it was.
pub async fn send(tools: &Tools, comer: Comer<'_>, to: Destination) -> Result<SecondStep, SecondStepError> {
    let now = tools.clock.now();
    let portal = comer.portal;
    let found = look(tools, portal, comer.token).await?;
    let SecondStep {
        pending,
        account,
        methods,
    } = found.ok_or(SecondStepError::Ended)?;
    if !methods.destinations.contains(&to) {
        return Err(SecondStepError::NoSuchDestination);
    }
    // Before anything is counted: whoever clicks twice loses nothing by it.
    soon_enough(&pending, now)?;
    let counted = match count(tools, portal, account.id, comer.visitor.address, to, now).await? {
        Ok(counted) => counted,
        Err(spent) => {
            let mut unit = tools.store.begin().await?;
            let (action, result) = (AuditAction::CodeSent, AuditResult::Throttled);
            unit.audit(&[event(comer, account.id, action, word(to), result, now)])
                .await?;
            unit.commit().await?;
            return Err(spent.into());
        }
    };
    let ready = ready_to_send(tools, comer, &account, to, now).await;
    let pending = tries::commit_or_undo(tools, Some(&counted), ready).await?;
    Ok(SecondStep {
        pending,
        account,
        methods,
    })
}

fn soon_enough(pending: &PendingSignIn, now: Timestamp) -> Result<(), SecondStepError> {
    let wait = pending.sent.as_ref().map(|sent| sent.resend_after(now));
    match wait.filter(SignedDuration::is_positive) {
        Some(retry_after) => Err(SecondStepError::TooOften { retry_after }),
        None => Ok(()),
    }
}

/// A code that is counted already, and is sent with the commit.
async fn ready_to_send(
    tools: &Tools,
    comer: Comer<'_>,
    account: &Account,
    to: Destination,
    now: Timestamp,
) -> Result<Ready<PendingSignIn>, SecondStepError> {
    let mut unit = tools.store.begin().await?;
    let mut pending = unit
        .pending_sign_in_for_update(&comer.portal.name, comer.token.hash())
        .await?
        .filter(|pending| pending.is_live(now))
        .ok_or(SecondStepError::Ended)?;
    // Another may have been sent meanwhile.
    soon_enough(&pending, now)?;
    let (sent, message) = new_code(tools, &pending, to, comer.language, now);
    // A code that is promised five minutes gets them.
    pending.expires_at = pending.expires_at.max(sent.expires_at);
    pending.sent = Some(sent);
    unit.save_pending_sign_in(&pending).await?;
    unit.enqueue(&[message]).await?;
    let (action, result) = (AuditAction::CodeSent, AuditResult::Success);
    unit.audit(&[event(comer, account.id, action, word(to), result, now)])
        .await?;
    Ok(Ready {
        unit,
        done: true,
        outcome: pending,
    })
}

/// Why no code can be sent for now.
pub(in crate::use_cases) enum Spent {
    Codes(Blocked),
    Sms(Blocked),
}

impl From<Spent> for SecondStepError {
    fn from(spent: Spent) -> Self {
        match spent {
            Spent::Codes(Blocked { retry_after }) => Self::TooOften { retry_after },
            Spent::Sms(Blocked { retry_after }) => Self::SmsSpent { retry_after },
        }
    }
}

/// Counts a code, and the SMS that it may be, by itself: whoever waits for the account or the sign-in afterwards keeps nobody from
/// what strangers count by. Where no SMS can be sent, no code is counted: the mail that is sent instead counts alone.
pub(in crate::use_cases) async fn count(
    tools: &Tools,
    portal: &Portal,
    account: AccountId,
    address: IpAddr,
    to: Destination,
    now: Timestamp,
) -> Result<Result<Counted, Spent>, StoreError> {
    let mut unit = tools.store.begin().await?;
    let keys = limits(&portal.name, account, address);
    let counted = match tries::reserve(unit.as_mut(), &keys, now).await? {
        Ok(codes) if to == Destination::RescuePhone => {
            match sms::spend(unit.as_mut(), portal, account, address, now).await? {
                Ok(sms) => Ok(codes.and(sms)),
                Err(blocked) => {
                    tries::forgive(unit.as_mut(), &codes).await?;
                    Err(Spent::Sms(blocked))
                }
            }
        }
        Ok(codes) => Ok(codes),
        Err(blocked) => Err(Spent::Codes(blocked)),
    };
    unit.commit().await?;
    Ok(counted)
}

/// What codes that are sent are counted by, in the locks' order.
fn limits(portal: &PortalName, account: AccountId, address: IpAddr) -> [ThrottleKey; 3] {
    [
        codes_of(portal, account),
        ThrottleKey::client(ThrottleKind::CodeAddress, portal, address),
        ThrottleKey::portal(ThrottleKind::CodePortal, portal),
    ]
}

/// What codes that are sent for one account are counted by.
pub(in crate::use_cases) fn codes_of(portal: &PortalName, account: AccountId) -> ThrottleKey {
    ThrottleKey::text(ThrottleKind::CodeAccount, portal, &account.0.to_string())
}

/// What wrong codes typed for one account are counted by.
pub(in crate::use_cases) fn wrong_codes_of(portal: &PortalName, account: AccountId) -> ThrottleKey {
    ThrottleKey::text(ThrottleKind::CodeWrong, portal, &account.0.to_string())
}

/// A code for the sign-in, and the message that brings it.
pub(in crate::use_cases) fn new_code(
    tools: &Tools,
    pending: &PendingSignIn,
    to: Destination,
    language: Language,
    now: Timestamp,
) -> (SentCode, QueuedMessage) {
    let code = generate_code(tools.entropy.as_ref());
    let sent = SentCode {
        seal: seal(&tools.keyring, pending.token, &code),
        to,
        reference: Reference::generate(tools.entropy.as_ref()),
        sent_at: now,
        expires_at: now + CODE_LIFETIME,
        wrong: 0,
    };
    let message = Message::SignInCode {
        code,
        to,
        reference: sent.reference.clone(),
        language,
        expires_at: sent.expires_at,
    };
    let message = tools.message(&message, &pending.portal, Some(pending.account), now);
    (sent, message)
}

/// The factor's name in the audit trail.
pub(in crate::use_cases) const fn word(to: Destination) -> &'static str {
    match to {
        Destination::Email | Destination::RescueEmail => "email_code",
        Destination::RescuePhone => "sms_code",
    }
}
