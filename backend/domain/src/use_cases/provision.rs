//! The agency gives people accounts: one at a time, or many from a file that was read and judged before.

use jiff::Timestamp;
use portique_shared::Language;

use super::Tools;
use crate::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::new_id;
use crate::link::Target;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    pub account: AccountId,
    pub record: Record,
    /// What was mailed to the older address opens nothing any more.
    pub changes_email: bool,
    /// The same of the rescue address or telephone, where one-time codes go.
    pub changes_rescue: bool,
    /// The invitation that has left went to an address that was wrong: another leaves, and the older provisional password
    /// dies with it.
    pub invites_again: bool,
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
    provisioning.commit(&|_| {}).await?;
    Ok(accounts)
}

/// How many entries of the audit trail are written at once.
const AUDIT_BATCH: usize = 1_000;

/// Accounts created and records replaced in one transaction, batch after batch: all of it or, dropped without
/// [`Provisioning::commit`], nothing.
///
/// Memory: a batch, and 17 bytes an account for the audit trail, 16 more where the address changes. The trail is written last, since whoever signs in
/// waits for its writer (and on SQLite, whoever writes anything waits for the whole transaction).
pub struct Provisioning<'a> {
    tools: &'a Tools,
    portal: &'a Portal,
    now: Timestamp,
    unit: Box<dyn UnitOfWork>,
    done: Vec<(AccountId, AuditAction)>,
    /// Whose address changed.
    moved: Vec<AccountId>,
}

impl<'a> Provisioning<'a> {
    /// Starts the transaction.
    pub async fn begin(tools: &'a Tools, portal: &'a Portal) -> Result<Self, StoreError> {
        Ok(Self {
            tools,
            portal,
            now: tools.clock.now(),
            unit: tools.store.begin().await?,
            done: Vec::new(),
            moved: Vec::new(),
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
            .extend(ids.iter().map(|id| (*id, AuditAction::AccountCreated)));
        Ok(ids)
    }

    /// Replaces the records of accounts that exist. Passwords and sessions stay.
    pub async fn update(&mut self, changes: &[RecordChange]) -> Result<(), StoreError> {
        for change in changes {
            self.unit.update_record(change.account, &change.record).await?;
            if change.changes_email || change.changes_rescue {
                self.moved.push(change.account);
            }
            self.done.push((change.account, AuditAction::AccountUpdated));
        }
        let again = changes.iter().filter(|change| change.invites_again);
        let invitations: Vec<QueuedMessage> = again.map(|change| self.invitation(change.account)).collect();
        if invitations.is_empty() {
            return Ok(());
        }
        self.unit.enqueue(&invitations).await
    }

    fn invitation(&self, account: AccountId) -> QueuedMessage {
        let message = Message::Invitation { reference: None };
        self.tools
            .message(&message, &self.portal.name, Some(account), self.now)
    }

    /// Ends the links and codes that went to older addresses, writes the audit trail and commits; `audited` is told how many
    /// entries are written so far.
    pub async fn commit(mut self, audited: &(dyn Fn(usize) + Sync)) -> Result<(), StoreError> {
        // The oldest account first, as the queue's lookup takes them: two that lock links never wait for each other.
        self.moved.sort_unstable();
        for account in &self.moved {
            let links = Target::NewPassword(*account);
            self.unit.delete_pending_sign_ins_of(*account).await?;
            // What somebody began before the agency corrected the record would take its place again.
            self.unit.delete_contact_changes(*account, None).await?;
            self.unit.forget_browsers(*account).await?;
            self.unit.replace_links(links, self.now).await?;
        }
        let mut written = 0;
        for batch in self.done.chunks(AUDIT_BATCH) {
            let events: Vec<AuditEvent> = batch
                .iter()
                .map(|(account, action)| event(self.portal, *account, *action, self.now))
                .collect();
            self.unit.audit(&events).await?;
            written += events.len();
            audited(written);
        }
        self.unit.commit().await
    }
}

fn event(portal: &Portal, account: AccountId, action: AuditAction, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: portal.name.clone(),
        action,
        result: AuditResult::Success,
        factor: "",
        account: Some(account),
        address: None,
    }
}
