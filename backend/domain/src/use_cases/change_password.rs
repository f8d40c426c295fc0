//! A person changes their own password, the provisional one at first.

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::account::BlocklistReason;
use portique_shared::api::captcha::CaptchaAnswer;
use portique_shared::policy::Rule;

use super::captcha::{self, CaptchaError};
use super::prove::own_passwords_of;
use super::{Tools, security, tries};
use crate::account::{Account, AccountStatus, PasswordState, Record};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::folding::fold;
use crate::link::Target;
use crate::password::{HasherBusy, Password, PersonalWords, Turn, Unjudged, aside, refusal};
use crate::portal::Portal;
use crate::session::{Session, SessionOf, SessionScope, SessionToken, Visitor};
use crate::store::StoreError;
use crate::throttle::{Blocked, ThrottleKey};

/// What the form holds.
pub struct ChangePassword<'a> {
    pub portal: &'a Portal,
    pub session: &'a SessionOf,
    pub identifier: &'a str,
    pub current: &'a Password,
    pub new: &'a Password,
    pub confirmation: &'a Password,
    /// Needed at the change of a provisional password where the portal asks for it there.
    pub captcha: Option<&'a CaptchaAnswer>,
    /// The language of the page, and of the mail that confirms.
    pub language: Language,
    pub visitor: Visitor,
}

/// The password was changed, every older session ended, and a new one started for this browser.
#[derive(Debug)]
pub struct Changed {
    pub token: SessionToken,
    pub session: SessionOf,
}

#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// Each is beside its own field; all that are wrong are told at once.
    #[error("the form is not acceptable")]
    Invalid(Vec<Flaw>),
    #[error("too many wrong tries")]
    Blocked { retry_after: SignedDuration },
    /// The session ended, or the password changed elsewhere, while this one was being verified.
    #[error("the session has ended")]
    SessionEnded,
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Unjudged(#[from] Unjudged),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a field of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    OtherIdentifier,
    WrongCurrent,
    SameAsCurrent,
    Unmet(Vec<Rule>),
    Blocklisted(BlocklistReason),
    ConfirmationDiffers,
    Captcha,
}

/// Changes the password. What the new one lacks is told before the current one is tried, so that a slip in the new one
/// costs no try.
pub async fn change_password(
    tools: &Tools,
    request: &ChangePassword<'_>,
) -> Result<Changed, ChangePasswordError> {
    let flaws = flaws(request).await?;
    if !flaws.is_empty() {
        return Err(ChangePasswordError::Invalid(flaws));
    }
    verify_captcha(tools, request).await?;
    let account = &request.session.account;
    let mut turn = tools.hasher.turn()?;
    verify_current(tools, &mut turn, request, account).await?;
    let hash = turn.hash(request.new, tools.entropy.as_ref()).await?;
    store(tools, request, account, hash).await
}

async fn flaws(request: &ChangePassword<'_>) -> Result<Vec<Flaw>, Unjudged> {
    let record = &request.session.account.record;
    let other = fold(request.identifier) != record.folded_identifier();
    let new = flaws_of_new(request.portal, record, request.new, request.confirmation).await?;
    let flaws = [
        other.then_some(Flaw::OtherIdentifier),
        (request.new == request.current).then_some(Flaw::SameAsCurrent),
    ];
    Ok(flaws.into_iter().flatten().chain(new).collect())
}

/// What is wrong with a new password, whatever proves that it may be set.
pub(super) async fn flaws_of_new(
    portal: &Portal,
    record: &Record,
    new: &Password,
    confirmation: &Password,
) -> Result<Vec<Flaw>, Unjudged> {
    let unmet = portal.policy.unmet(new.as_str());
    let (words, person, judged) = (
        portal.context_words.clone(),
        PersonalWords::of(record),
        new.clone(),
    );
    let blocklisted = aside(move || refusal(&judged, &words, &person)).await?;
    let flaws = [
        (!unmet.is_empty()).then_some(Flaw::Unmet(unmet)),
        blocklisted.map(Flaw::Blocklisted),
        (new != confirmation).then_some(Flaw::ConfirmationDiffers),
    ];
    Ok(flaws.into_iter().flatten().collect())
}

/// Before anything is hashed: that is what the captcha spares.
async fn verify_captcha(tools: &Tools, request: &ChangePassword<'_>) -> Result<(), ChangePasswordError> {
    let Some(kind) = request.portal.change_captcha else {
        return Ok(());
    };
    if request.session.session.scope != SessionScope::PasswordChange {
        return Ok(());
    }
    captcha::verify(
        tools,
        request.portal,
        request.visitor.address,
        kind,
        request.captcha,
    )
    .await
    .map_err(|error| match error {
        CaptchaError::Refused => ChangePasswordError::Invalid(vec![Flaw::Captcha]),
        CaptchaError::Blocked { retry_after } => ChangePasswordError::Blocked { retry_after },
        CaptchaError::Store(error) => ChangePasswordError::Store(error),
    })
}

/// The current password, under the limits of the door, but a count of its own: a session left open is no place to guess at
/// leisure, and what strangers guess at the door keeps nobody from changing theirs.
async fn verify_current(
    tools: &Tools,
    turn: &mut Turn,
    request: &ChangePassword<'_>,
    account: &Account,
) -> Result<(), ChangePasswordError> {
    let key = own_passwords_of(&request.portal.name, account.id);
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let counted = match tries::reserve(unit.as_mut(), &[key], now).await? {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            unit.audit(&[event(request, account, AuditResult::Throttled, now)])
                .await?;
            unit.commit().await?;
            return Err(ChangePasswordError::Blocked { retry_after });
        }
    };
    unit.commit().await?;

    let begun_with = request.session.session.provisional.as_ref();
    let stored = begun_with.or_else(|| account.password.hash());
    let verification = turn.verify(request.current, stored).await?;
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    if verification.matches {
        tries::forgive(unit.as_mut(), &counted).await?;
        unit.commit().await?;
        return Ok(());
    }
    unit.audit(&[event(request, account, AuditResult::WrongPassword, now)])
        .await?;
    unit.commit().await?;
    Err(ChangePasswordError::Invalid(vec![Flaw::WrongCurrent]))
}

/// Writes the new password, ends every session, starts one for this browser and queues the mail, all or nothing.
async fn store(
    tools: &Tools,
    request: &ChangePassword<'_>,
    verified: &Account,
    hash: crate::password::PasswordHash,
) -> Result<Changed, ChangePasswordError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    // The password that was guessed at is no more.
    let door = ThrottleKey::account(&request.portal.name, verified.record.identifier.as_str());
    unit.clear_throttle(&door).await?;
    let account = unit.account_for_update(verified.id).await?;
    let unchanged = account
        .filter(|now| now.status == AccountStatus::Active && is_still_to_change(request, verified, now));
    let Some(mut account) = unchanged else {
        return Err(ChangePasswordError::SessionEnded);
    };
    // Signed out, or ended from elsewhere, while the passwords were being hashed.
    if !unit.delete_session(request.session.session.token).await? {
        return Err(ChangePasswordError::SessionEnded);
    }
    account.password = PasswordState::Definitive {
        hash,
        changed_at: now,
    };
    account.language = request.language;
    unit.set_password(account.id, &account.password).await?;
    unit.set_language(account.id, account.language).await?;
    unit.delete_sessions_of(account.id).await?;
    // A link that was asked for before was for the password that is no more.
    unit.replace_links(Target::NewPassword(account.id), now).await?;
    let (entropy, lifetimes) = (tools.entropy.as_ref(), request.portal.sessions);
    let full = SessionScope::Full;
    let (token, mut session) = Session::start(entropy, &account, full, request.visitor, lifetimes, now);
    session.previous_sign_in_at = request.session.session.previous_sign_in_at;
    unit.insert_session(&session).await?;
    unit.enqueue(&security::told_of_password(
        tools,
        &account,
        request.language,
        now,
    ))
    .await?;
    unit.audit(&[event(request, &account, AuditResult::Success, now)])
        .await?;
    unit.commit().await?;
    Ok(Changed {
        token,
        session: SessionOf { session, account },
    })
}

/// Whether the password is the one that was verified; or provisional like it, sent to the person's mailbox meanwhile.
fn is_still_to_change(request: &ChangePassword<'_>, verified: &Account, now: &Account) -> bool {
    let both_provisional = request.session.session.provisional.is_some()
        && matches!(now.password, PasswordState::Provisional { .. });
    both_provisional || now.password == verified.password
}

fn event(request: &ChangePassword<'_>, account: &Account, result: AuditResult, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: request.portal.name.clone(),
        action: AuditAction::PasswordChange,
        result,
        factor: "password",
        account: Some(account.id),
        authenticator: None,
        address: Some(request.visitor.address),
    }
}
