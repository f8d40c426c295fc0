//! Signing in with a passkey alone: the device is held, and it verified its person. Those are two factors.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::sign_in::SignedIn;
use super::{Tools, tries};
use crate::account::{Account, AccountId, AccountStatus, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::authenticator::Authenticator;
use crate::passkey::{Assertion, PasskeyChallenge, PasskeySite, Purpose, Refusal, begin_sign_in};
use crate::portal::{AcceptedOf, Portal};
use crate::session::{Session, SessionOf, SessionScope, SessionToken, Visitor};
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};

/// Who asks, from where.
#[derive(Clone, Copy)]
pub struct PasskeySignIn<'a> {
    pub portal: &'a Portal,
    pub visitor: Visitor,
}

#[derive(Debug, thiserror::Error)]
pub enum PasskeySignInError {
    #[error("the portal takes no passkeys")]
    NotOffered,
    /// Not what a browser answers.
    #[error("not the answer of a browser")]
    Unreadable,
    /// Unknown, removed, wrong, of a disabled account: the person is told the same, and the audit trail the difference.
    #[error("the passkey opens nothing")]
    Refused,
    #[error("too many wrong tries")]
    Blocked { retry_after: SignedDuration },
    /// Challenges were asked for too often.
    #[error("asked for too often")]
    TooOften { retry_after: SignedDuration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the portal lets anybody sign in with a passkey.
pub fn is_offered(portal: &Portal) -> bool {
    portal.second_factor.passkeys != AcceptedOf::Nobody && PasskeySite::at(&portal.public_url).is_some()
}

/// What challenges that are given out for this are counted by, in the locks' order.
///
/// What all of a portal's people share is counted of strangers alone: whoever proved a password, or is signed in, must not be kept
/// from their keys by those who ask for challenges at the door.
pub(super) fn given_out(purpose: Purpose, portal: &Portal, address: IpAddr) -> Vec<ThrottleKey> {
    let from = ThrottleKey::client(ThrottleKind::PasskeyAddress, &portal.name, address);
    match purpose {
        Purpose::SignIn => vec![
            from,
            ThrottleKey::portal(ThrottleKind::PasskeyPortal, &portal.name),
        ],
        Purpose::Enrolment | Purpose::SecondStep => vec![from],
    }
}

/// A challenge for whichever passkey of the site: `PublicKeyCredentialRequestOptionsJSON`. It names nobody.
pub async fn ask(tools: &Tools, request: PasskeySignIn<'_>) -> Result<Value, PasskeySignInError> {
    let PasskeySignIn { portal, visitor } = request;
    let now = tools.clock.now();
    let site = PasskeySite::at(&portal.public_url).filter(|_| is_offered(portal));
    let begun = site.and_then(|site| begin_sign_in(&site).ok());
    let begun = begun.ok_or(PasskeySignInError::NotOffered)?;
    let (challenge, options) = PasskeyChallenge::new(begun, &portal.name, Purpose::SignIn, None, now);
    let mut unit = tools.store.begin().await?;
    let keys = given_out(Purpose::SignIn, portal, visitor.address);
    let given = tries::reserve(unit.as_mut(), &keys, now).await?;
    if given.is_ok() {
        unit.insert_passkey_challenge(&challenge).await?;
    }
    unit.commit().await?;
    match given {
        Ok(_) => Ok(options),
        Err(Blocked { retry_after }) => Err(PasskeySignInError::TooOften { retry_after }),
    }
}

/// Takes a signature, and starts a session if it opens an account. Its challenge is used up, right or wrong.
///
/// A try is counted under its address before it is judged, as one with a password; not under an account: nobody guesses a
/// signature, and who was kept from an account by a stranger's wrong passwords gets in this way.
///
/// `replaces`: the session that the browser holds already, if any; it ends with the new one's start.
pub async fn sign_in(
    tools: &Tools,
    request: PasskeySignIn<'_>,
    answer: &str,
    replaces: Option<&SessionToken>,
) -> Result<SignedIn, PasskeySignInError> {
    let portal = request.portal;
    if !is_offered(portal) {
        return Err(PasskeySignInError::NotOffered);
    }
    let now = tools.clock.now();
    let unreadable = |_| PasskeySignInError::Unreadable;
    let answer = Assertion::read_sign_in(answer).map_err(unreadable)?;
    let challenge = answer.challenge().map_err(unreadable)?;
    let mut unit = tools.store.begin().await?;
    // Burnt even by who is sent away: else it could be tried again once the delay is over.
    let challenge = unit.take_passkey_challenge(challenge.key(&portal.name)).await?;
    let from = [ThrottleKey::address(&portal.name, request.visitor.address)];
    let counted = tries::reserve(unit.as_mut(), &from, now).await?;
    let challenge = challenge.filter(|given| given.is_for(Purpose::SignIn, None, now));
    let told = |account, result| request.event(account, result, now);
    let counted = match counted {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            unit.audit(&[told(None, AuditResult::Throttled)]).await?;
            unit.commit().await?;
            return Err(PasskeySignInError::Blocked { retry_after });
        }
    };
    unit.commit().await?;
    let mut unit = tools.store.begin().await?;
    let (account, used) = match judge(request, unit.as_mut(), &answer, challenge, now).await? {
        Ok(opened) => opened,
        Err((account, result)) => {
            unit.audit(&[told(account, result)]).await?;
            unit.commit().await?;
            return Err(PasskeySignInError::Refused);
        }
    };
    unit.save_authenticator(&used).await?;
    if let Some(previous) = replaces {
        unit.delete_session(previous.hash()).await?;
    }
    unit.record_sign_in(&account, now).await?;
    let (entropy, lifetimes) = (tools.entropy.as_ref(), portal.sessions);
    let (token, session) = Session::start(
        entropy,
        &account,
        SessionScope::Full,
        request.visitor,
        lifetimes,
        now,
    );
    unit.insert_session(&session).await?;
    tries::forgive_shared(unit.as_mut(), &counted).await?;
    unit.audit(&[told(Some(account.id), AuditResult::Success)])
        .await?;
    unit.commit().await?;
    Ok(SignedIn {
        token,
        session: SessionOf { session, account },
        remembered: None,
    })
}

/// The account that the answer opens, locked, and its passkey as it is after this use; or whose it is, and why it opens nothing.
async fn judge(
    request: PasskeySignIn<'_>,
    unit: &mut dyn UnitOfWork,
    answer: &Assertion,
    challenge: Option<PasskeyChallenge>,
    now: Timestamp,
) -> Result<Result<(Account, Authenticator), (Option<AccountId>, AuditResult)>, StoreError> {
    let portal = request.portal;
    let nobody = |refusal: Refusal| Ok(Err((None, refusal.audited())));
    let Some(challenge) = challenge else {
        return nobody(Refusal::Challenge);
    };
    let Some(held) = unit.passkey(answer.credential()).await? else {
        return nobody(Refusal::UnknownKey);
    };
    let account = unit.account_for_update(held.account).await?;
    let Some(account) = account.filter(|account| account.portal == portal.name) else {
        return nobody(Refusal::UnknownKey);
    };
    // Read anew under the account's lock: another use, or its removal, may have come between.
    let held = unit.factors(account.id).await?.authenticators;
    let used = answer.used(&portal.public_url, &challenge, held, now);
    Ok(match used {
        Err(refusal) => Err((Some(account.id), refusal.audited())),
        Ok(used) => match closed(portal, &account) {
            Some(result) => Err((Some(account.id), result)),
            None => Ok((account, used)),
        },
    })
}

/// Why an account is opened by none of its passkeys, if so.
fn closed(portal: &Portal, account: &Account) -> Option<AuditResult> {
    if account.status != AccountStatus::Active {
        return Some(AuditResult::Disabled);
    }
    // A provisional password is there to be changed first: the agency had a reason to send another.
    if !matches!(account.password, PasswordState::Definitive { .. }) {
        return Some(AuditResult::NoPassword);
    }
    let taken = portal.second_factor.passkeys.covers(&account.record);
    (!taken).then_some(AuditResult::Refused)
}

impl PasskeySignIn<'_> {
    fn event(&self, account: Option<AccountId>, result: AuditResult, at: Timestamp) -> AuditEvent {
        AuditEvent {
            at,
            portal: self.portal.name.clone(),
            action: AuditAction::SignIn,
            result,
            factor: "passkey",
            account,
            authenticator: None,
            address: Some(self.visitor.address),
        }
    }
}
