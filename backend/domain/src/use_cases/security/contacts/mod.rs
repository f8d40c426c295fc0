//! The rescue address and telephone, changed by their person.
//!
//! A change begins with a proof of a moment ago, as every change of what opens the account; the code that ends it proves the new
//! address or telephone, and may come when that proof is over: mails are late. Whoever gets a session is written down in no
//! record until they read what was sent there.

mod confirm;
mod send;
mod update;

use jiff::{SignedDuration, Timestamp};
use portique_shared::api::contacts::ContactKind;

pub use self::confirm::confirm;
pub use self::send::send;
pub use self::update::{Wanted, update};
use super::{Changer, SecurityError, told};
use crate::account::{Account, Record};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::contact::{ContactChange, word};
use crate::outbox::SecurityChange;
use crate::session::SessionOf;
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;

/// The record, and what waits for its code: the address before the telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contacts {
    pub record: Record,
    pub pending: Vec<ContactChange>,
}

/// Why a new contact is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    NotMobile,
    MainAddress,
}

#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    #[error(transparent)]
    Security(#[from] SecurityError),
    #[error("not a contact that this person can have")]
    Unfit(Vec<(ContactKind, Unfit)>),
    /// Its time is over, it was given up, or its code was typed already.
    #[error("no change waits for its code")]
    Ended,
    #[error("too many wrong codes")]
    Blocked { retry_after: SignedDuration },
    #[error("asked for too soon, or too often")]
    TooOften { retry_after: SignedDuration },
    #[error("not the code that was sent")]
    WrongCode,
    /// Its time or its tries are over, or none was sent.
    #[error("the code can't be used any more")]
    CodeSpent,
}

impl From<StoreError> for ContactError {
    fn from(error: StoreError) -> Self {
        Self::Security(error.into())
    }
}

/// How the contacts of the session's person stand.
pub async fn look(tools: &Tools, session: &SessionOf) -> Result<Contacts, StoreError> {
    let account = &session.account;
    let pending = tools.store.contact_changes(account.id).await?;
    Ok(Contacts {
        record: account.record.clone(),
        pending: live(pending, tools.clock.now()),
    })
}

/// Gives up whatever waits for its code.
pub async fn cancel(tools: &Tools, changer: Changer<'_>) -> Result<Contacts, ContactError> {
    let (mut unit, account) = changer.begin(tools).await?;
    unit.delete_contact_changes(account.id, None).await?;
    unit.commit().await?;
    Ok(Contacts {
        record: account.record,
        pending: Vec::new(),
    })
}

fn live(changes: Vec<ContactChange>, now: Timestamp) -> Vec<ContactChange> {
    changes.into_iter().filter(|change| change.is_live(now)).collect()
}

impl Changer<'_> {
    /// Writes the record down as it is now, and ends what went to the contact before: sign-ins that wait for a code, browsers that
    /// stand in for one. Sessions stay; links went to the main address. Told are the addresses of `account`, as it was before.
    async fn write(
        self,
        tools: &Tools,
        unit: &mut dyn UnitOfWork,
        account: &Account,
        record: &Record,
        changes: &[SecurityChange],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        unit.update_record(account.id, record).await?;
        unit.delete_pending_sign_ins_of(account.id).await?;
        // They stood in for codes that go elsewhere now.
        unit.forget_browsers(account.id).await?;
        for change in changes {
            unit.enqueue(&told(tools, account, change, self.language, now))
                .await?;
        }
        Ok(())
    }

    fn event(
        self,
        account: &Account,
        action: AuditAction,
        kind: ContactKind,
        result: AuditResult,
        at: Timestamp,
    ) -> AuditEvent {
        AuditEvent {
            at,
            portal: self.portal.name.clone(),
            action,
            result,
            factor: word(kind),
            account: Some(account.id),
            authenticator: None,
            address: Some(self.address),
        }
    }
}
