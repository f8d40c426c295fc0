//! A person who stands locked out asks for help: a link to a new password, an identifier, an invitation, an account.
//!
//! The request is written down, and answered the same whoever it names. Whether there is an account is looked up when the
//! queue comes to it (`look_up`).

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::api::captcha::CaptchaAnswer;

use super::captcha::{self, CaptchaError};
use super::{Tools, tries};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::random_bytes;
use crate::folding::fold;
use crate::masking::masked;
use crate::outbox::{Message, QueuedMessage};
use crate::portal::Portal;
use crate::recovery::{
    Asked, LOOKED_UP_WITHIN, MAX_RESENDS, REFERENCE_LIFETIME, RESEND_AFTER, Wish, asked_subject, purpose,
};
use crate::reference::Reference;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};

/// Who asks, from where.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    pub portal: &'a Portal,
    pub language: Language,
    pub address: IpAddr,
}

/// The request was taken down.
#[derive(Debug)]
pub struct Taken {
    pub reference: Reference,
    pub masked_address: Option<String>,
    /// When it can be sent again; `None` when it can't any more.
    pub resend_after: Option<SignedDuration>,
}

#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("the portal does not offer this")]
    NotOffered,
    #[error("the captcha's answer is missing, wrong, used or too old")]
    CaptchaRefused,
    /// By what was typed, the address or the portal; never by whether there is an account.
    #[error("asked for too often")]
    Blocked { retry_after: SignedDuration },
    /// Used already, too old, or none.
    #[error("the reference can't be used (any more)")]
    ReferenceSpent,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CaptchaError> for AskError {
    fn from(error: CaptchaError) -> Self {
        match error {
            CaptchaError::Refused => Self::CaptchaRefused,
            CaptchaError::Blocked { retry_after } => Self::Blocked { retry_after },
            CaptchaError::Store(error) => Self::Store(error),
        }
    }
}

impl From<Blocked> for AskError {
    fn from(Blocked { retry_after }: Blocked) -> Self {
        Self::Blocked { retry_after }
    }
}

/// Takes a request down.
pub async fn ask(
    tools: &Tools,
    asker: Asker<'_>,
    wish: &Wish,
    answer: Option<&CaptchaAnswer>,
) -> Result<Taken, AskError> {
    let portal = asker.portal;
    let offer = wish.offered(&portal.recovery).ok_or(AskError::NotOffered)?;
    if let Some(kind) = offer.captcha
        && let Err(error) = captcha::verify(tools, portal, asker.address, kind, answer).await
    {
        if answer.is_some() && matches!(error, CaptchaError::Refused) {
            return Err(refuse(
                tools,
                asker,
                wish.kind(),
                AuditResult::CaptchaRefused,
                error.into(),
            )
            .await?);
        }
        // A form without an answer says nothing of anybody, and would fill the trail.
        return Err(error.into());
    }
    let mut unit = tools.store.begin().await?;
    if let Err(blocked) = reserve(tools, unit.as_mut(), asker, wish).await? {
        unit.audit(&[event(
            asker,
            wish.kind(),
            AuditResult::Throttled,
            tools.clock.now(),
        )])
        .await?;
        unit.commit().await?;
        return Err(blocked.into());
    }
    let taken = take_down(tools, unit, asker, wish, 0).await?;
    Ok(Taken {
        masked_address: masked_address(tools, portal, wish).await?,
        ..taken
    })
}

/// The same once more, under the reference that it was taken down by. Of any number at one instant, one is taken.
pub async fn ask_again(tools: &Tools, asker: Asker<'_>, reference: &Reference) -> Result<Taken, AskError> {
    let now = tools.clock.now();
    let portal = &asker.portal.name;
    let mut unit = tools.store.begin().await?;
    let former = unit
        .asked_for_update(portal, reference)
        .await?
        .filter(|asked| now < asked.expires_at && asked.resends < MAX_RESENDS);
    let Some((former, wish)) = former.and_then(|asked| wish_of(tools, &asked).map(|wish| (asked, wish)))
    else {
        drop(unit);
        let spent = AskError::ReferenceSpent;
        return Err(refuse(tools, asker, "resend", AuditResult::ReferenceSpent, spent).await?);
    };
    if now < former.resend_from {
        return Err(AskError::Blocked {
            retry_after: former.resend_from.duration_since(now),
        });
    }
    if let Err(blocked) = reserve(tools, unit.as_mut(), asker, &wish).await? {
        // Dropped, the transaction leaves the reference good for later.
        drop(unit);
        note(tools, asker, wish.kind(), AuditResult::Throttled).await?;
        return Err(blocked.into());
    }
    if !unit.delete_asked(portal, reference).await? {
        return Err(AskError::ReferenceSpent);
    }
    // Its sender saw the masked address already.
    take_down(tools, unit, asker, &wish, former.resends + 1).await
}

/// What a request asked for; `None` when its key is gone.
fn wish_of(tools: &Tools, asked: &Asked) -> Option<Wish> {
    let text = tools
        .keyring
        .open(&purpose(&asked.portal, &asked.reference), &asked.sealed)
        .ok()?;
    serde_json::from_slice(&text).ok()
}

/// What is refused is counted like a request: nobody tries references or captchas at leisure, nor fills the trail.
async fn refuse(
    tools: &Tools,
    asker: Asker<'_>,
    what: &'static str,
    result: AuditResult,
    error: AskError,
) -> Result<AskError, StoreError> {
    let now = tools.clock.now();
    let key = ThrottleKey::client(ThrottleKind::AskedAddress, &asker.portal.name, asker.address);
    let mut unit = tools.store.begin().await?;
    let counted = tries::reserve(unit.as_mut(), &[key], now).await?;
    if counted.is_ok() {
        unit.audit(&[event(asker, what, result, now)]).await?;
    }
    unit.commit().await?;
    Ok(counted.map_or_else(Into::into, |_| error))
}

async fn reserve(
    tools: &Tools,
    unit: &mut dyn UnitOfWork,
    asker: Asker<'_>,
    wish: &Wish,
) -> Result<Result<(), Blocked>, StoreError> {
    let portal = &asker.portal.name;
    let keys = [
        asked_subject(portal, wish.kind(), &wish.subject()),
        ThrottleKey::client(ThrottleKind::AskedAddress, portal, asker.address),
        ThrottleKey::portal(ThrottleKind::AskedPortal, portal),
    ];
    let counted = tries::reserve(unit, &keys, tools.clock.now()).await?;
    Ok(counted.map(drop))
}

/// Writes the request down under a new reference, queues it and commits.
async fn take_down(
    tools: &Tools,
    mut unit: Box<dyn UnitOfWork>,
    asker: Asker<'_>,
    wish: &Wish,
    resends: u32,
) -> Result<Taken, AskError> {
    let now = tools.clock.now();
    let portal = &asker.portal.name;
    let reference = Reference::generate(tools.entropy.as_ref());
    let text = serde_json::to_vec(wish).expect("an enum of plain fields always serialises");
    let written = Asked {
        sealed: tools
            .keyring
            .seal(&purpose(portal, &reference), &text, tools.entropy.as_ref()),
        reference: reference.clone(),
        portal: portal.clone(),
        resend_from: now + RESEND_AFTER,
        expires_at: now + REFERENCE_LIFETIME,
        resends,
    };
    unit.insert_asked(&written).await?;
    let message = Message::Asked {
        wish: wish.clone(),
        reference: reference.clone(),
        language: asker.language,
    };
    let message = QueuedMessage {
        due_at: now + some_time(tools),
        ..tools.message(&message, portal, None, now)
    };
    unit.enqueue(&[message]).await?;
    unit.audit(&[event(asker, wish.kind(), AuditResult::Success, now)])
        .await?;
    unit.commit().await?;
    Ok(Taken {
        reference,
        masked_address: None,
        resend_after: (resends < MAX_RESENDS).then_some(RESEND_AFTER),
    })
}

/// A time within [`LOOKED_UP_WITHIN`], to the millisecond.
fn some_time(tools: &Tools) -> SignedDuration {
    let drawn = u32::from_be_bytes(random_bytes(tools.entropy.as_ref()));
    SignedDuration::from_millis(i64::from(drawn) % (LOOKED_UP_WITHIN.as_secs() * 1000))
}

/// Where the mail goes, masked, where the portal shows it. The same is read and reckoned whether there is an account or not.
async fn masked_address(tools: &Tools, portal: &Portal, wish: &Wish) -> Result<Option<String>, StoreError> {
    let domains = portal
        .recovery
        .password
        .as_ref()
        .map(|password| password.masked_domains.as_slice());
    let (Some(domains @ [_, ..]), Wish::Password { subject, .. }) = (domains, wish) else {
        return Ok(None);
    };
    let folded = fold(subject);
    let nearest = tools.store.address_at_or_before(&portal.name, &folded).await?;
    let address = nearest
        .filter(|(identifier, _)| *identifier == folded)
        .map(|(_, address)| address);
    // The oldest key: a new one in front must not show who is made up by changing their addresses.
    let secret = tools.keyring.derive_each("masked addresses").last();
    Ok(secret.map(|secret| masked(&secret, &portal.name, &folded, address.as_ref(), domains)))
}

async fn note(
    tools: &Tools,
    asker: Asker<'_>,
    what: &'static str,
    result: AuditResult,
) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.audit(&[event(asker, what, result, tools.clock.now())])
        .await?;
    unit.commit().await
}

/// `what` was asked for is written down, not what was typed, nor whose it may be: that is the lookup's to say.
fn event(asker: Asker<'_>, what: &'static str, result: AuditResult, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: asker.portal.name.clone(),
        action: AuditAction::HelpAsked,
        result,
        factor: what,
        account: None,
        authenticator: None,
        address: Some(asker.address),
    }
}
