//! What opens an account, kept in order by its person: authenticators, recovery codes, whether a second factor is asked for.
//!
//! Every change takes a proof of a moment ago ([`super::prove`]), is written down in the audit trail and told by mail to each
//! of the person's addresses.

mod app;
mod authenticators;
mod cards;
mod choice;
pub mod contacts;
mod passkey;
mod recovery_codes;

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::types::EmailAddress;

pub use self::app::{AppEnrolment, NewApp, add_app, begin_app};
pub use self::authenticators::remove;
pub use self::cards::{attach_card, begin_card, cards, detach_card};
pub use self::choice::choose;
pub use self::passkey::{NewPasskey, add_passkey, begin_passkey};
pub use self::recovery_codes::make_recovery_codes;
use super::{Tools, tries};
use crate::account::{Account, AccountId, AccountStatus};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::authenticator::Factors;
use crate::outbox::{Mailbox, Message, QueuedMessage, SecurityChange};
use crate::passkey::Refusal;
use crate::password::HasherBusy;
use crate::portal::{Portal, PortalName};
use crate::session::SessionOf;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};

/// Who changes what opens their account.
#[derive(Clone, Copy)]
pub struct Changer<'a> {
    pub portal: &'a Portal,
    pub session: &'a SessionOf,
    pub language: Language,
    pub address: IpAddr,
}

#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// Who they are was not proved within the last minutes.
    #[error("the person has to prove anew who they are")]
    ProofRequired,
    /// The account changed or was disabled meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// The portal does not take this factor of this person.
    #[error("not offered")]
    NotOffered,
    #[error("no such authenticator")]
    NotFound,
    /// A second factor is asked for at each sign-in, and none would be left.
    #[error("a second factor is needed, and none would be left")]
    FactorNeeded,
    #[error("as many authenticators as an account may have")]
    TooMany,
    #[error("not a name that can be shown")]
    BadName,
    /// Not what the application shows.
    #[error("not the code that the application shows")]
    WrongCode,
    /// The enrolment is too old, was used, or is another person's.
    #[error("the enrolment can't be used any more")]
    EnrolmentSpent,
    #[error("the passkey is refused: {0}")]
    WrongPasskey(Refusal),
    /// Changes were begun, or challenges asked for, too often.
    #[error("asked for too often")]
    TooOften { retry_after: SignedDuration },
    #[error(transparent)]
    Busy(#[from] HasherBusy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the person of a session holds.
pub async fn look(tools: &Tools, session: &SessionOf) -> Result<Factors, StoreError> {
    tools.store.factors(session.account.id).await
}

impl Changer<'_> {
    fn has_proved(self, now: Timestamp) -> Result<(), SecurityError> {
        if self.session.session.is_proved(now) {
            Ok(())
        } else {
            Err(SecurityError::ProofRequired)
        }
    }

    /// What every change that adds something begins with: a proof of a moment ago, and a try that is counted by itself, whatever becomes of it. Without
    /// the proof none is: whoever holds the session alone uses up nothing.
    async fn may_change(self, tools: &Tools, now: Timestamp) -> Result<(), SecurityError> {
        self.has_proved(now)?;
        let key = changes_of(&self.portal.name, self.session.account.id);
        let mut unit = tools.store.begin().await?;
        let counted = tries::reserve(unit.as_mut(), &[key], now).await?;
        unit.commit().await?;
        counted
            .map(drop)
            .map_err(|Blocked { retry_after }| SecurityError::TooOften { retry_after })
    }

    /// A transaction in which the account is locked, as it is now.
    async fn begin(self, tools: &Tools) -> Result<(Box<dyn UnitOfWork>, Account), SecurityError> {
        let mut unit = tools.store.begin().await?;
        let account = self.lock(unit.as_mut()).await?;
        Ok((unit, account))
    }

    /// The account, locked, as it is now.
    async fn lock(self, unit: &mut dyn UnitOfWork) -> Result<Account, SecurityError> {
        let account = unit.account_for_update(self.session.account.id).await?;
        let open = account.filter(|account| {
            account.status == AccountStatus::Active && account.password == self.session.account.password
        });
        open.ok_or(SecurityError::SessionEnded)
    }

    /// What every change ends with: it is told and written down.
    async fn finish(
        self,
        tools: &Tools,
        mut unit: Box<dyn UnitOfWork>,
        account: &Account,
        (action, factor, change): (AuditAction, &'static str, SecurityChange),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // They stood in for factors that are others now.
        unit.forget_browsers(account.id).await?;
        unit.enqueue(&told(tools, account, &change, self.language, now))
            .await?;
        unit.audit(&[AuditEvent {
            at: now,
            portal: self.portal.name.clone(),
            action,
            result: AuditResult::Success,
            factor,
            account: Some(account.id),
            authenticator: None,
            address: Some(self.address),
        }])
        .await?;
        unit.commit().await
    }
}

/// What the changes that one person begins are counted by.
pub(super) fn changes_of(portal: &PortalName, account: AccountId) -> ThrottleKey {
    ThrottleKey::text(ThrottleKind::SecurityChange, portal, &account.0.to_string())
}

/// The messages that tell of a change: one to each of the person's addresses.
pub(super) fn told(
    tools: &Tools,
    account: &Account,
    change: &SecurityChange,
    language: Language,
    now: Timestamp,
) -> Vec<QueuedMessage> {
    to_each_address(tools, account, now, |to, former| Message::SecurityChanged {
        change: change.clone(),
        at: now,
        language,
        to,
        former,
    })
}

/// The same of a new password.
pub(super) fn told_of_password(
    tools: &Tools,
    account: &Account,
    language: Language,
    now: Timestamp,
) -> Vec<QueuedMessage> {
    to_each_address(tools, account, now, |to, former| Message::PasswordChanged {
        at: now,
        language,
        to,
        former,
    })
}

fn to_each_address(
    tools: &Tools,
    account: &Account,
    now: Timestamp,
    message: impl Fn(Mailbox, Option<EmailAddress>) -> Message,
) -> Vec<QueuedMessage> {
    // Theirs now: one that takes its place before the mail leaves is not told in its stead.
    let rescue = account.record.rescue_email.clone();
    let rescue = rescue.map(|rescue| message(Mailbox::Rescue, Some(rescue)));
    [Some(message(Mailbox::Main, None)), rescue]
        .into_iter()
        .flatten()
        .map(|message| tools.message(&message, &account.portal, Some(account.id), now))
        .collect()
}
