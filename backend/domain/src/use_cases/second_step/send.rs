use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::second_step::Destination;

use super::{Comer, SecondStep, SecondStepError, event, look, sms};
use crate::account::AccountId;
use crate::audit::{AuditAction, AuditResult};
use crate::outbox::{Message, QueuedMessage};
use crate::portal::PortalName;
use crate::reference::Reference;
use crate::second_step::{CODE_LIFETIME, PendingSignIn, SentCode, generate_code, seal};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::{Tools, tries};

/// Sends a code, or another one: the one before is good for nothing then.
///
/// # Errors
/// [`SecondStepError::TooOften`] within 30 seconds of the code before, and by the limits of the account, the address and the
/// portal; [`SecondStepError::SmsSpent`] by theirs for SMS. The code before stays as good as it was.
pub async fn send(tools: &Tools, comer: Comer<'_>, to: Destination) -> Result<SecondStep, SecondStepError> {
    let now = tools.clock.now();
    let portal = comer.portal;
    let found = look(tools, portal, comer.token).await?;
    let SecondStep { account, methods, .. } = found.ok_or(SecondStepError::Ended)?;
    if !methods.destinations.contains(&to) {
        return Err(SecondStepError::NoSuchDestination);
    }
    let mut unit = tools.store.begin().await?;
    let keys = limits(&portal.name, account.id, comer.visitor.address);
    let counted = tries::reserve(unit.as_mut(), &keys, now).await?;
    let budget = match (&counted, to) {
        (Ok(_), Destination::RescuePhone) => {
            sms::spend(unit.as_mut(), portal, account.id, comer.visitor.address, now).await?
        }
        _ => Ok(()),
    };
    let mut pending = unit
        .pending_sign_in_for_update(&portal.name, comer.token.hash())
        .await?
        .filter(|pending| pending.is_live(now))
        .ok_or(SecondStepError::Ended)?;
    let wait = pending.sent.as_ref().map(|sent| sent.resend_after(now));
    if let Some(retry_after) = wait.filter(SignedDuration::is_positive) {
        // Dropped, the transaction counts nothing: whoever clicks twice loses nothing by it.
        return Err(SecondStepError::TooOften { retry_after });
    }
    let told = |result| event(comer, account.id, AuditAction::CodeSent, word(to), result, now);
    let counted = match counted {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            unit.audit(&[told(AuditResult::Throttled)]).await?;
            unit.commit().await?;
            return Err(SecondStepError::TooOften { retry_after });
        }
    };
    if let Err(Blocked { retry_after }) = budget {
        // No code was sent: the mail that is sent instead counts alone.
        tries::forgive(unit.as_mut(), &counted).await?;
        unit.audit(&[told(AuditResult::Throttled)]).await?;
        unit.commit().await?;
        return Err(SecondStepError::SmsSpent { retry_after });
    }
    let (sent, message) = new_code(tools, &pending, to, comer.language, now);
    // A code that is promised five minutes gets them.
    pending.expires_at = pending.expires_at.max(sent.expires_at);
    pending.sent = Some(sent);
    unit.save_pending_sign_in(&pending).await?;
    unit.enqueue(&[message]).await?;
    unit.audit(&[told(AuditResult::Success)]).await?;
    unit.commit().await?;
    Ok(SecondStep {
        pending,
        account,
        methods,
    })
}

/// What codes that are sent are counted by, in the locks' order.
pub(in crate::use_cases) fn limits(
    portal: &PortalName,
    account: AccountId,
    address: IpAddr,
) -> [ThrottleKey; 3] {
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
