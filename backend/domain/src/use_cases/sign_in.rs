//! Signing in with identifier and password.

mod first_step;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;

use self::first_step::FirstStep;
use super::Tools;
use super::prove::own_passwords_of;
use super::second_step::SecondStep;
use super::tries::{self, Counted};
use crate::account::{Account, AccountStatus, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::folding::fold;
use crate::password::{HasherBusy, Password, PasswordHash, Turn};
use crate::portal::Portal;
use crate::remembered_browser::BrowserToken;
use crate::second_step::{StepToken, is_asked};
use crate::session::{SessionOf, SessionScope, SessionToken, Visitor};
use crate::store::StoreError;
use crate::throttle::{Blocked, ThrottleKey};

/// Who asks, from where.
pub struct SignIn<'a> {
    pub portal: &'a Portal,
    pub identifier: &'a str,
    pub password: &'a Password,
    /// Whether the person asks for a second step though nothing demands it.
    pub strong: bool,
    /// The session whose person proves anew who they are: no other is started then.
    pub proof_of: Option<&'a SessionOf>,
    /// The language of the page, and of the code's message.
    pub language: Language,
    pub visitor: Visitor,
    /// The session that the browser holds already, if any: it ends with the new one's start.
    pub replaces: Option<&'a SessionToken>,
    /// By what the browser may stand in for the second step.
    pub remembered: Option<&'a BrowserToken>,
}

/// A session was started.
#[derive(Debug)]
pub struct SignedIn {
    pub token: SessionToken,
    pub session: SessionOf,
    /// What the browser is to hold from now on to stand in for the second step, and for how long.
    pub remembered: Option<(BrowserToken, SignedDuration)>,
}

/// The password was right.
#[derive(Debug)]
pub enum SignInOutcome {
    SignedIn(Box<SignedIn>),
    /// A second factor is needed too; `token` is for this browser alone.
    SecondStep {
        token: StepToken,
        step: Box<SecondStep>,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, disabled, wrong: the person is told the same.
    #[error("identifier or password refused")]
    Refused,
    /// Told only to who typed the right provisional password.
    #[error("the provisional password was right but its time is over")]
    ProvisionalExpired,
    #[error("too many wrong tries")]
    Blocked { retry_after: SignedDuration },
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs a person in: counts the try, verifies, then takes the count back and starts a session.
///
/// Whatever the identifier is, the same is read, hashed and written: nothing tells a stranger whether an account exists.
pub async fn sign_in(tools: &Tools, request: &SignIn<'_>) -> Result<SignInOutcome, SignInError> {
    let mut turn = tools.hasher.turn()?;
    let (account, counted) = match reserve(tools, request).await? {
        Ok(reserved) => reserved,
        Err(Blocked { retry_after }) => return Err(SignInError::Blocked { retry_after }),
    };
    let stored = account.as_ref().and_then(|account| account.password.hash());
    let verification = turn.verify(request.password, stored).await?;
    let now = tools.clock.now();
    let verdict = judge(account.as_ref(), verification.matches, now);
    let audited = |result| event(request, account.as_ref(), result, now);
    match (verdict, account.as_ref()) {
        (Verdict::Open(scope), Some(account)) => {
            let renewed =
                renewed_hash(tools, &mut turn, request.password, stored, verification.outdated).await;
            let first = FirstStep {
                tools,
                request,
                counted: &counted,
                account,
                renewed,
            };
            match first.take(scope, asks_second_step(request, account)).await? {
                Some(outcome) => Ok(outcome),
                None => refuse(tools, audited(AuditResult::Refused)).await,
            }
        }
        (Verdict::ProvisionalExpired, Some(_)) => {
            let mut unit = tools.store.begin().await?;
            tries::forgive(unit.as_mut(), &counted).await?;
            unit.audit(&[audited(AuditResult::ProvisionalExpired)]).await?;
            unit.commit().await?;
            Err(SignInError::ProvisionalExpired)
        }
        (Verdict::Refused(result), _) => refuse(tools, audited(result)).await,
        // A verdict other than a refusal takes an account; without one there is nothing to open.
        (_, None) => refuse(tools, audited(AuditResult::UnknownIdentifier)).await,
    }
}

enum Verdict {
    Open(SessionScope),
    ProvisionalExpired,
    Refused(AuditResult),
}

fn judge(account: Option<&Account>, matches: bool, now: Timestamp) -> Verdict {
    let Some(account) = account else {
        return Verdict::Refused(AuditResult::UnknownIdentifier);
    };
    if !matches {
        let nothing_to_match = account.password == PasswordState::None;
        let result = if nothing_to_match {
            AuditResult::NoPassword
        } else {
            AuditResult::WrongPassword
        };
        return Verdict::Refused(result);
    }
    match (account.status, &account.password) {
        (AccountStatus::Disabled, _) => Verdict::Refused(AuditResult::Disabled),
        (AccountStatus::Active, PasswordState::None) => Verdict::Refused(AuditResult::NoPassword),
        (AccountStatus::Active, PasswordState::Provisional { expires_at, .. }) if now >= *expires_at => {
            Verdict::ProvisionalExpired
        }
        (AccountStatus::Active, PasswordState::Provisional { .. }) => {
            Verdict::Open(SessionScope::PasswordChange)
        }
        (AccountStatus::Active, PasswordState::Definitive { .. }) => Verdict::Open(SessionScope::Full),
    }
}

/// Counts the try and reads the account, in one transaction: under the identifier and the address, or under the account of who is
/// signed in already.
async fn reserve(
    tools: &Tools,
    request: &SignIn<'_>,
) -> Result<Result<(Option<Account>, Counted), Blocked>, StoreError> {
    let now = tools.clock.now();
    let portal = &request.portal.name;
    let keys = match request.proof_of {
        Some(of) => vec![own_passwords_of(portal, of.account.id)],
        None => vec![
            ThrottleKey::account(portal, request.identifier),
            ThrottleKey::address(portal, request.visitor.address),
        ],
    };
    let mut unit = tools.store.begin().await?;
    let reserved = tries::reserve(unit.as_mut(), &keys, now).await?;
    let account = unit
        .account_by_identifier(&request.portal.name, &fold(request.identifier))
        .await?;
    if reserved.is_err() {
        unit.audit(&[event(request, account.as_ref(), AuditResult::Throttled, now)])
            .await?;
    }
    unit.commit().await?;
    Ok(reserved.map(|counted| (account, counted)))
}

async fn refuse(tools: &Tools, event: AuditEvent) -> Result<SignInOutcome, SignInError> {
    let mut unit = tools.store.begin().await?;
    unit.audit(&[event]).await?;
    unit.commit().await?;
    Err(SignInError::Refused)
}

/// A hash with today's parameters, where the stored one has others. If that fails, the next sign-in tries again.
async fn renewed_hash(
    tools: &Tools,
    turn: &mut Turn,
    password: &Password,
    stored: Option<&PasswordHash>,
    outdated: bool,
) -> Option<(PasswordHash, PasswordHash)> {
    let old = stored.filter(|_| outdated)?;
    let new = turn.hash(password, tools.entropy.as_ref()).await.ok()?;
    Some((old.clone(), new))
}

/// Whether a password is not enough.
fn asks_second_step(request: &SignIn<'_>, account: &Account) -> bool {
    let must = request.strong || request.proof_of.is_some();
    must || is_asked(&request.portal.second_factor, account)
}

fn event(request: &SignIn<'_>, account: Option<&Account>, result: AuditResult, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: request.portal.name.clone(),
        action: match request.proof_of {
            Some(_) => AuditAction::Proof,
            None => AuditAction::SignIn,
        },
        result,
        factor: "password",
        account: account.map(|account| account.id),
        authenticator: None,
        address: Some(request.visitor.address),
    }
}
