use jiff::Timestamp;
use portique_shared::types::OneTimeCode;

use super::enter::Entry;
use super::remember::Remember;
use super::{Comer, SecondStepError, find, passkey, recovery_code, word};
use crate::account::Account;
use crate::audit::AuditResult;
use crate::authenticator::{AuthenticatorId, Means, open_secret, seal_secret};
use crate::recovery_code::RecoveryCodeText;
use crate::second_step::{Methods, PendingSignIn, is_sealed_in};
use crate::session::{Session, SessionToken, TokenHash};
use crate::store::{StoreError, UnitOfWork};
use crate::totp::Secret;
use crate::use_cases::sign_in::SignedIn;
use crate::use_cases::{Tools, tries};

/// What was typed, and of which factor.
#[derive(Clone, Debug)]
pub enum Given {
    /// The code that was sent.
    Sent(OneTimeCode),
    /// A code that an application shows.
    App(OneTimeCode),
    RecoveryCode(RecoveryCodeText),
    /// What a browser gave, as JSON.
    Passkey(String),
}

/// Takes the code that was typed, and starts the session if it is right.
///
/// A try is counted before it is known whether it is right, under the account, whatever the factor: another code, or another
/// sign-in, does not begin the count anew. Of any number of right ones at one instant, one starts a session.
///
/// `wish`: whether the browser is to stand in for the next second step.
///
/// `replaces`: the session that the browser holds already, if any; it ends with the new one's start.
pub async fn verify(
    tools: &Tools,
    comer: Comer<'_>,
    given: &Given,
    replaces: Option<&SessionToken>,
    wish: Remember<'_>,
) -> Result<SignedIn, SecondStepError> {
    let now = tools.clock.now();
    let found = find(tools, comer.portal, comer.token).await?;
    let (pending, account) = found.ok_or(SecondStepError::Ended)?;
    let proved = match pending.proof_of {
        Some(token) => Some(session_to_prove(tools, comer, &account, token).await?),
        None => None,
    };
    let entry = Entry {
        tools,
        comer,
        account: account.id,
        now,
        replaces,
        wish,
        proved: proved.as_ref(),
    };
    let portal = &comer.portal.second_factor;
    match given {
        Given::Sent(code) => code_sent(entry, code).await,
        Given::App(code) if portal.app.covers(&account.record) => code_shown(entry, code).await,
        Given::RecoveryCode(code) if portal.recovery_codes.covers(&account.record) => {
            recovery_code::verify(entry, code).await
        }
        Given::Passkey(answer) if portal.passkeys.covers(&account.record) => {
            passkey::verify(entry, answer).await
        }
        Given::App(_) | Given::RecoveryCode(_) | Given::Passkey(_) => Err(SecondStepError::NoSuchMethod),
    }
}

/// The session in which the proof began, while it is live.
async fn session_to_prove(
    tools: &Tools,
    comer: Comer<'_>,
    account: &Account,
    token: TokenHash,
) -> Result<Session, SecondStepError> {
    let of = tools.store.session(&comer.portal.name, token).await?;
    of.map(|of| of.session)
        .filter(|session| session.account == account.id && session.is_live(tools.clock.now()))
        .ok_or(SecondStepError::Ended)
}

async fn code_sent(entry: Entry<'_>, code: &OneTimeCode) -> Result<SignedIn, SecondStepError> {
    let Entry { tools, now, .. } = entry;
    let mut unit = tools.store.begin().await?;
    let counted = match entry.count(unit.as_mut()).await? {
        Ok(counted) => counted,
        Err(blocked) => return entry.send_away(unit, "code", blocked).await,
    };
    let (mut pending, account) = entry.lock(unit.as_mut()).await?.ok_or(SecondStepError::Ended)?;
    let held = unit.factors(account.id).await?;
    let today = Methods::of(&entry.comer.portal.second_factor, &account.record, &held);
    let (factor, judged) = judge(tools, &mut pending, &today, code, now);
    let Err((result, error)) = judged else {
        return entry.open(unit, &pending, account, factor).await;
    };
    if result == AuditResult::CodeSpent {
        // Nothing was guessed at: the mail was late.
        tries::forgive(unit.as_mut(), &counted).await?;
    }
    unit.save_pending_sign_in(&pending).await?;
    unit.audit(&[entry.told(factor, result)]).await?;
    unit.commit().await?;
    Err(error)
}

type Judged = Result<(), (AuditResult, SecondStepError)>;

/// The factor that was tried, and whether the code is the one that was sent; a wrong one is counted.
fn judge(
    tools: &Tools,
    pending: &mut PendingSignIn,
    today: &Methods,
    code: &OneTimeCode,
    now: Timestamp,
) -> (&'static str, Judged) {
    let useless = Err((AuditResult::CodeSpent, SecondStepError::CodeSpent));
    let Some(sent) = &mut pending.sent else {
        return ("code", useless);
    };
    let factor = word(sent.to);
    // Useless too where none goes any more: the person became privileged since, or was given a rescue address.
    if !sent.is_good(now) || !today.destinations.contains(&sent.to) {
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

async fn code_shown(entry: Entry<'_>, code: &OneTimeCode) -> Result<SignedIn, SecondStepError> {
    const FACTOR: &str = "app";
    let mut unit = entry.tools.store.begin().await?;
    if let Err(blocked) = entry.count(unit.as_mut()).await? {
        return entry.send_away(unit, FACTOR, blocked).await;
    }
    let (pending, account) = entry.lock(unit.as_mut()).await?.ok_or(SecondStepError::Ended)?;
    let (shown, unreadable) = shown_by_one(entry, unit.as_mut(), code).await?;
    if shown {
        return entry.open(unit, &pending, account, FACTOR).await;
    }
    unit.audit(&[entry.told(FACTOR, AuditResult::WrongCode)]).await?;
    // The try stays counted, whatever else is wrong.
    unit.commit().await?;
    match unreadable {
        None => Err(SecondStepError::WrongCode),
        // Not the person's fault, and not to be told as a wrong code.
        Some(AuthenticatorId(id)) => Err(SecondStepError::Store(StoreError::Database(format!(
            "the secret of the authenticator {id} is sealed under a key that is not configured any more"
        )))),
    }
}

/// Whether one of the account's applications shows the code; that one has used it up then, and its secret is sealed anew: under the
/// newest key, so that the old ones can go. And which one, if any, has a secret that can't be opened.
async fn shown_by_one(
    entry: Entry<'_>,
    unit: &mut dyn UnitOfWork,
    code: &OneTimeCode,
) -> Result<(bool, Option<AuthenticatorId>), StoreError> {
    let Entry { tools, now, .. } = entry;
    let mut unreadable = None;
    for mut held in unit.factors(entry.account).await?.authenticators {
        let Means::App { sealed, last_step } = &held.means else {
            continue;
        };
        let Ok(secret) = open_secret(&tools.keyring, held.id, sealed) else {
            unreadable = Some(held.id);
            continue;
        };
        if let Some(step) = Secret::from_bytes(secret.clone()).step_of(code, now, *last_step) {
            held.means = Means::App {
                sealed: seal_secret(&tools.keyring, held.id, &secret, tools.entropy.as_ref()),
                last_step: step,
            };
            held.last_used_at = Some(now);
            unit.save_authenticator(&held).await?;
            return Ok((true, unreadable));
        }
    }
    Ok((false, unreadable))
}
