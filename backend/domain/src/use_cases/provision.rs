//! The agency gives people accounts: one at a time, or many from a file that was read and judged before.

mod amended;

use std::collections::BTreeMap;

use jiff::Timestamp;
use portique_shared::Language;
use portique_shared::api::contacts::ContactKind;

use self::amended::{Amended, Ends};
use super::Tools;
use crate::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::contact::word;
use crate::entropy::new_id;
use crate::outbox::{Message, QueuedMessage};
use crate::portal::Portal;
use crate::store::{StoreError, UnitOfWork};

/// A person to be given an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    pub record: Record,
    pub language: Language,
}

/// What a file changes of an account that exists.
pub trait RecordChange: Sync {
    fn account(&self) -> AccountId;

    /// Writes what the file changes into the record as it stands now. What the file was not compared with, such as a rescue
    /// address that its person has given since, stays.
    fn amend(&self, record: &mut Record);
}

/// Creates accounts without a password and queues their invitations, in one transaction. The order is kept.
///
/// # Errors
/// [`StoreError::Conflict`] when an identifier is taken on the portal (compared folded); nothing is created then.
pub async fn create_accounts(
    tools: &Tools,
    portal: &Portal,
    people: &[NewPerson],
) -> Result<Vec<AccountId>, StoreError> {
    let mut provisioning = Provisioning::begin(tools, portal).await?;
    let accounts = provisioning.create(people).await?;
    provisioning.commit(&|_, _| {}).await?;
    Ok(accounts)
}

/// How many entries of the audit trail are written at once.
const AUDIT_BATCH: usize = 1_000;

/// Accounts created and records amended in one transaction, batch after batch: all of it or, dropped without
/// [`Provisioning::commit`], nothing.
///
/// Memory: a batch, and 18 bytes an account for the audit trail, some more where it says more of a changed record. The trail is written last, since whoever signs in
/// waits for its writer (and on SQLite, whoever writes anything waits for the whole transaction).
pub struct Provisioning<'a> {
    tools: &'a Tools,
    portal: &'a Portal,
    now: Timestamp,
    unit: Box<dyn UnitOfWork>,
    done: Vec<Done>,
    /// Of which something ends.
    ends: BTreeMap<AccountId, Ends>,
}

/// What the audit trail is to say of an account; which of its contacts, where it is one.
type Done = (AccountId, AuditAction, Option<ContactKind>);

impl<'a> Provisioning<'a> {
    /// Starts the transaction.
    pub async fn begin(tools: &'a Tools, portal: &'a Portal) -> Result<Self, StoreError> {
        Ok(Self {
            tools,
            portal,
            now: tools.clock.now(),
            unit: tools.store.begin().await?,
            done: Vec::new(),
            ends: BTreeMap::new(),
        })
    }

    /// Creates accounts without a password and queues their invitations. The order is kept.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an identifier is taken on the portal (compared folded).
    pub async fn create(&mut self, people: &[NewPerson]) -> Result<Vec<AccountId>, StoreError> {
        let entropy = self.tools.entropy.as_ref();
        let accounts: Vec<Account> = people
            .iter()
            .map(|person| Account {
                id: AccountId(new_id(entropy, self.now)),
                portal: self.portal.name.clone(),
                record: person.record.clone(),
                status: AccountStatus::Active,
                password: PasswordState::None,
                wants_second_factor: false,
                language: person.language,
                created_at: self.now,
                last_sign_in_at: None,
            })
            .collect();
        let invitations: Vec<QueuedMessage> = accounts
            .iter()
            .map(|account| self.invitation(account.id))
            .collect();
        self.unit.insert_accounts(&accounts).await?;
        self.unit.enqueue(&invitations).await?;
        let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
        self.done
            .extend(ids.iter().map(|id| (*id, AuditAction::AccountCreated, None)));
        Ok(ids)
    }

    /// Amends the records of accounts that exist, each as it is once it is locked. Passwords stay; sessions do where nobody becomes
    /// privileged.
    ///
    /// # Errors
    /// [`StoreError::Database`] when there is no such account.
    pub async fn update<C: RecordChange>(&mut self, changes: &[&C]) -> Result<(), StoreError> {
        let mut messages = Vec::new();
        for change in changes {
            let before = self.unit.account_for_update(change.account()).await?;
            let gone = || StoreError::Database("an account that a file changes is gone".to_owned());
            let before = before.ok_or_else(gone)?;
            let mut record = before.record.clone();
            change.amend(&mut record);
            if record == before.record {
                continue;
            }
            self.unit.update_record(before.id, &record).await?;
            let amended = Amended {
                before: &before,
                record: &record,
            };
            if let Some(ends) = amended.ends() {
                self.ends.insert(before.id, ends);
            }
            if amended.invites_again() {
                messages.push(self.invitation(before.id));
            }
            messages.extend(amended.told(self.tools, self.now));
            self.done.push((before.id, AuditAction::AccountUpdated, None));
            let contacts = amended.contacts().map(|(kind, new)| {
                let action = if new.is_some() {
                    AuditAction::ContactChanged
                } else {
                    AuditAction::ContactRemoved
                };
                (before.id, action, Some(kind))
            });
            self.done.extend(contacts);
        }
        if messages.is_empty() {
            return Ok(());
        }
        self.unit.enqueue(&messages).await
    }

    fn invitation(&self, account: AccountId) -> QueuedMessage {
        let message = Message::Invitation { reference: None };
        self.tools
            .message(&message, &self.portal.name, Some(account), self.now)
    }

    /// Ends what the changed records end, writes the audit trail and commits; `audited` is told how many of how many entries are
    /// written.
    pub async fn commit(mut self, audited: &(dyn Fn(usize, usize) + Sync)) -> Result<(), StoreError> {
        // The oldest account first, as the queue's lookup takes them: two that lock links never wait for each other.
        for (account, ends) in &self.ends {
            ends.carry_out(self.unit.as_mut(), *account, self.now).await?;
        }
        let mut written = 0;
        for batch in self.done.chunks(AUDIT_BATCH) {
            let events: Vec<AuditEvent> = batch
                .iter()
                .map(|done| event(self.portal, *done, self.now))
                .collect();
            self.unit.audit(&events).await?;
            written += events.len();
            audited(written, self.done.len());
        }
        self.unit.commit().await
    }
}

fn event(portal: &Portal, (account, action, contact): Done, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: portal.name.clone(),
        action,
        result: AuditResult::Success,
        factor: contact.map_or("", word),
        account: Some(account),
        authenticator: None,
        address: None,
    }
}
