use jiff::Timestamp;
use portique_shared::types::OneTimeCode;

use super::remember::{Remember, remember};
use super::{Comer, SecondStep, SecondStepError, codes_of, event, look, word, wrong_codes_of};
use crate::account::PasswordState;
use crate::audit::{AuditAction, AuditResult};
use crate::second_step::{PendingSignIn, is_sealed_in};
use crate::session::{Session, SessionOf, SessionScope, SessionToken};
use crate::throttle::Blocked;
use crate::use_cases::sign_in::SignedIn;
use crate::use_cases::{Tools, tries};

/// Takes the code that was typed, and starts the session if it is the one that was sent.
///
/// A try is counted before it is known whether it is right, under the account: another code, or another sign-in, does not
/// begin the count anew. Of any number of right ones at one instant, one starts a session.
///
/// `wish`: whether the browser is to stand in for the next second step.
///
/// `replaces`: the session that the browser holds already, if any; it ends with the new one's start.
pub async fn verify(
    tools: &Tools,
    comer: Comer<'_>,
    code: &OneTimeCode,
    replaces: Option<&SessionToken>,
    wish: Remember<'_>,
) -> Result<SignedIn, SecondStepError> {
    let now = tools.clock.now();
    let portal = comer.portal;
    let found = look(tools, portal, comer.token).await?;
    let SecondStep { account, .. } = found.ok_or(SecondStepError::Ended)?;
    let told = |factor, result| event(comer, account.id, AuditAction::SignIn, factor, result, now);

    let key = wrong_codes_of(&portal.name, account.id);
    let mut unit = tools.store.begin().await?;
    let counted = match tries::reserve(unit.as_mut(), std::slice::from_ref(&key), now).await? {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            unit.audit(&[told("code", AuditResult::Throttled)]).await?;
            unit.commit().await?;
            return Err(SecondStepError::Blocked { retry_after });
        }
    };
    // Locked here, in the locks' order, to be cleared below.
    let sent = codes_of(&portal.name, account.id);
    unit.throttle_for_update(&sent).await?;
    let account = unit.account_for_update(account.id).await?;
    let pending = unit
        .pending_sign_in_for_update(&portal.name, comer.token.hash())
        .await?;
    let step = account
        .zip(pending)
        .map(|(account, pending)| SecondStep { pending, account });
    let SecondStep { mut pending, account } = step
        .filter(|step| step.is_live(now))
        .ok_or(SecondStepError::Ended)?;
    let (factor, judged) = judge(tools, &mut pending, code, now);
    if let Err((result, error)) = judged {
        if result == AuditResult::CodeSpent {
            // Nothing was guessed at: the mail was late.
            tries::forgive(unit.as_mut(), &counted).await?;
        }
        unit.save_pending_sign_in(&pending).await?;
        unit.audit(&[told(factor, result)]).await?;
        unit.commit().await?;
        return Err(error);
    }
    for key in [&key, &sent] {
        unit.clear_throttle(key).await?;
    }
    if !unit.delete_pending_sign_in(pending.token).await? {
        return Err(SecondStepError::Ended);
    }
    if let Some(previous) = replaces {
        unit.delete_session(previous.hash()).await?;
    }
    unit.record_sign_in(&account, now).await?;
    let scope = match account.password {
        PasswordState::Definitive { .. } => SessionScope::Full,
        PasswordState::Provisional { .. } | PasswordState::None => SessionScope::PasswordChange,
    };
    let (entropy, lifetimes) = (tools.entropy.as_ref(), portal.sessions);
    let (token, session) = Session::start(entropy, &account, scope, comer.visitor, lifetimes, now);
    unit.insert_session(&session).await?;
    let (remembered, told_of_it) =
        remember(tools, unit.as_mut(), comer, (&account, scope), wish, now).await?;
    let events = [Some(told(factor, AuditResult::Success)), told_of_it];
    unit.audit(&events.into_iter().flatten().collect::<Vec<_>>())
        .await?;
    unit.commit().await?;
    Ok(SignedIn {
        token,
        session: SessionOf { session, account },
        remembered,
    })
}

type Judged = Result<(), (AuditResult, SecondStepError)>;

/// The factor that was tried, and whether the code is the one that was sent; a wrong one is counted.
fn judge(
    tools: &Tools,
    pending: &mut PendingSignIn,
    code: &OneTimeCode,
    now: Timestamp,
) -> (&'static str, Judged) {
    let useless = Err((AuditResult::CodeSpent, SecondStepError::CodeSpent));
    let Some(sent) = &mut pending.sent else {
        return ("code", useless);
    };
    let factor = word(sent.to);
    if !sent.is_good(now) {
        return (factor, useless);
    }
    if is_sealed_in(&tools.keyring, pending.token, code, sent.seal) {
        return (factor, Ok(()));
    }
    sent.wrong += 1;
    let error = if sent.is_good(now) {
        SecondStepError::WrongCode
    } else {
        SecondStepError::CodeSpent
    };
    (factor, Err((AuditResult::WrongCode, error)))
}
