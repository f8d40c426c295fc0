//! A new password by a link. It does not sign in, and leaves every other proof that the account asks for as it was.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::recovery::LinkState;
use portique_shared::api::second_step::Destination;

use super::change_password::{Flaw, flaws_of_new};
use super::links::{self, LinkError};
use super::prove::own_passwords_of;
use super::{Tools, second_step, security, tries};
use crate::account::{Account, AccountStatus, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::folding::fold;
use crate::link::{Link, LinkToken};
use crate::password::{HasherBusy, Password, PasswordHash, Unjudged};
use crate::portal::{Portal, PortalName};
use crate::recovery::{LOST_PASSWORD, asked_subject, link_share};
use crate::second_step::Methods;
use crate::store::StoreError;
use crate::throttle::{ThrottleKey, ThrottleKind};

/// What the form holds.
pub struct ResetPassword<'a> {
    pub portal: &'a Portal,
    pub token: &'a LinkToken,
    /// Asked for where the portal's guide does.
    pub identifier: Option<&'a str>,
    pub new: &'a Password,
    pub confirmation: &'a Password,
    /// The language of the page, and of the mail that confirms.
    pub language: Language,
    pub address: IpAddr,
}

#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// Each is beside its own field; all that are wrong are told at once.
    #[error("the form is not acceptable")]
    Invalid(Vec<Flaw>),
    #[error("the link opens nothing (any more): {0:?}")]
    Spent(LinkState),
    #[error("too many tries")]
    Blocked { retry_after: SignedDuration },
    #[error(transparent)]
    Unjudged(#[from] Unjudged),
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LinkError> for ResetPasswordError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Spent(state) => Self::Spent(state),
            LinkError::Blocked { retry_after } => Self::Blocked { retry_after },
            LinkError::Unjudged(error) => Self::Unjudged(error),
            LinkError::Store(error) => Self::Store(error),
        }
    }
}

/// Sets the password, uses the link up, ends every session and queues the confirmations.
///
/// Wrong passwords counted at the door don't stop it: the person who forgot theirs is the one who mistypes.
pub async fn reset_password(tools: &Tools, request: &ResetPassword<'_>) -> Result<(), ResetPasswordError> {
    let opened = links::open(tools, request.portal, request.token, request.address).await;
    if let Err(LinkError::Spent(_)) = opened {
        note(tools, request, None, AuditResult::LinkSpent).await?;
    }
    let opened = opened?;
    let account = opened
        .account()
        .ok_or(ResetPasswordError::Spent(LinkState::Unknown))?;
    links::count_use(tools, request.portal, request.token).await?;
    let other = !is_whose_it_says(tools, request, account).await?;
    let new = flaws_of_new(request.portal, &account.record, request.new, request.confirmation).await?;
    let flaws: Vec<Flaw> = other
        .then_some(Flaw::OtherIdentifier)
        .into_iter()
        .chain(new)
        .collect();
    if !flaws.is_empty() {
        return Err(ResetPasswordError::Invalid(flaws));
    }
    let hash = tools
        .hasher
        .turn()?
        .hash(request.new, tools.entropy.as_ref())
        .await?;
    store(tools, request, &opened.link, account, hash).await
}

/// Whether the identifier is the account's, where the portal asks for it. Whoever holds a link without knowing whose it
/// is guesses a few times, not at leisure: counted before it is known whether it is right, and taken back then.
async fn is_whose_it_says(
    tools: &Tools,
    request: &ResetPassword<'_>,
    account: &Account,
) -> Result<bool, ResetPasswordError> {
    let recovery = request.portal.recovery.password.as_ref();
    if !recovery.is_some_and(|password| password.asks_identifier) {
        return Ok(true);
    }
    let typed = request.identifier.map(fold).unwrap_or_default();
    let right = typed == account.record.folded_identifier();
    let key = links::key(ThrottleKind::LinkIdentifier, request.portal, request.token);
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let counted = tries::reserve(unit.as_mut(), &[key], now).await?;
    match &counted {
        Ok(counted) if right => tries::forgive(unit.as_mut(), counted).await?,
        Ok(_) => {
            let wrong = event(request, Some(account), AuditResult::UnknownIdentifier, now);
            unit.audit(&[wrong]).await?;
        }
        Err(_) => {
            let blocked = event(request, Some(account), AuditResult::Throttled, now);
            unit.audit(&[blocked]).await?;
        }
    }
    unit.commit().await?;
    match counted {
        Ok(_) => Ok(right),
        Err(blocked) => Err(ResetPasswordError::Blocked {
            retry_after: blocked.retry_after,
        }),
    }
}

async fn store(
    tools: &Tools,
    request: &ResetPassword<'_>,
    link: &Link,
    verified: &Account,
    hash: PasswordHash,
) -> Result<(), ResetPasswordError> {
    let now = tools.clock.now();
    let guessed_at = [
        ThrottleKey::account(&request.portal.name, verified.record.identifier.as_str()),
        own_passwords_of(&request.portal.name, verified.id),
        security::changes_of(&request.portal.name, verified.id),
    ];
    let held = tools.store.factors(verified.id).await?;
    let methods = Methods::of(&request.portal.second_factor, &verified.record, &held);
    let mut unit = tools.store.begin().await?;
    // The password that was guessed at is no more.
    let asked_for = asked_for(&request.portal.name, verified, &methods);
    for key in guessed_at.into_iter().chain(asked_for) {
        unit.clear_throttle(&key).await?;
    }
    let account = unit
        .account_for_update(verified.id)
        .await?
        .filter(|account| account.status == AccountStatus::Active)
        .ok_or(ResetPasswordError::Spent(LinkState::Unknown))?;
    unit.delete_sessions_of(account.id).await?;
    if !unit.spend_link(link.hash, now).await? {
        return Err(ResetPasswordError::Spent(LinkState::Used));
    }
    unit.replace_links(link.target, now).await?;
    let password = PasswordState::Definitive {
        hash,
        changed_at: now,
    };
    unit.set_password(account.id, &password).await?;
    // Whoever reads the main mailbox may not be the person: the other address hears of it too.
    unit.enqueue(&security::told_of_password(
        tools,
        &account,
        request.language,
        now,
    ))
    .await?;
    unit.audit(&[event(request, Some(&account), AuditResult::Success, now)])
        .await?;
    unit.commit().await?;
    Ok(())
}

/// What links were counted by. Whoever used one has the mailbox: what strangers asked for in their name must not keep them
/// from the next.
fn asked_for(portal: &PortalName, account: &Account, methods: &Methods) -> Vec<ThrottleKey> {
    let record = &account.record;
    let identifier = record.folded_identifier();
    let email = fold(record.email.as_str());
    // An address typed in the identifier's place has a share too.
    let shares = [Some(identifier.as_str()), Some(email.as_str()), None];
    let shares = shares.map(|named| link_share(named, &record.email));
    let asked = [&identifier, &email].map(|subject| asked_subject(portal, LOST_PASSWORD, subject));
    let sent = shares.map(|share| ThrottleKey::text(ThrottleKind::Mailbox, portal, &share));
    // Nor must the codes that a thief of the old password had sent or typed. Where this mailbox gets no codes, those typed stay
    // counted: it alone must not give more guesses at another factor.
    let wrong = methods
        .destinations
        .contains(&Destination::Email)
        .then(|| second_step::wrong_codes_of(portal, account.id));
    let codes = second_step::codes_of(portal, account.id);
    asked
        .into_iter()
        .chain(sent)
        .chain(wrong)
        .chain([codes])
        .collect()
}

async fn note(
    tools: &Tools,
    request: &ResetPassword<'_>,
    account: Option<&Account>,
    result: AuditResult,
) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.audit(&[event(request, account, result, tools.clock.now())])
        .await?;
    unit.commit().await
}

fn event(
    request: &ResetPassword<'_>,
    account: Option<&Account>,
    result: AuditResult,
    at: Timestamp,
) -> AuditEvent {
    AuditEvent {
        at,
        portal: request.portal.name.clone(),
        action: AuditAction::PasswordReset,
        result,
        factor: "link",
        account: account.map(|account| account.id),
        authenticator: None,
        address: Some(request.address),
    }
}
