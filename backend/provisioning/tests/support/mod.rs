//! A store in memory, with what an import asks of one.

mod sms_reports;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::audit::{AuditEntry, AuditEvent, AuditHead};
use portique_domain::clock::FixedClock;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::link::{Link, LinkHash, Target};
use portique_domain::outbox::{Channel, DeliveryState, QueuedMessage};
use portique_domain::password::{PasswordHash, PasswordHasher, Pepper};
use portique_domain::portal::PortalName;
use portique_domain::recovery::Asked;
use portique_domain::reference::Reference;
use portique_domain::second_step::PendingSignIn;
use portique_domain::session::{Session, SessionOf, TokenHash};
use portique_domain::store::{Captcha, Store, StoreError, StoreResult, UnitOfWork};
use portique_domain::testing::SeededEntropy;
use portique_domain::throttle::{Throttle, ThrottleKey};
use portique_domain::use_cases::Tools;
use portique_shared::Language;
use portique_shared::types::EmailAddress;
use uuid::Uuid;

/// What the store holds.
#[derive(Clone, Default)]
pub(crate) struct Held {
    pub(crate) accounts: Vec<Account>,
    pub(crate) messages: Vec<QueuedMessage>,
    pub(crate) events: Vec<AuditEvent>,
    pub(crate) commits: usize,
    /// Writing this many accounts or more fails.
    pub(crate) room: Option<usize>,
}

#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Held>>);

impl Memory {
    /// What it holds now: a copy, so that no test waits for itself.
    pub(crate) fn held(&self) -> Held {
        self.0.lock().expect("nobody panics while holding this").clone()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.0.lock().expect("nobody panics while holding this"));
    }

    pub(crate) fn account(&self, identifier: &str) -> Account {
        let held = self.held();
        let mut accounts = held.accounts.iter();
        accounts
            .find(|account| account.record.identifier.as_str() == identifier)
            .unwrap_or_else(|| panic!("no account {identifier}"))
            .clone()
    }

    pub(crate) fn tools(&self) -> Tools {
        let entropy = SeededEntropy::new(1);
        Tools {
            store: Arc::new(self.clone()),
            clock: Arc::new(FixedClock("2026-01-05T08:00:00Z".parse().expect("a time"))),
            hasher: PasswordHasher::start(1, &Pepper::none(), &entropy),
            entropy: Arc::new(entropy),
            keyring: Keyring::new(vec![Key::new(1, [1; 32])]).expect("one key"),
        }
    }
}

/// A transaction: what the store will hold once it is committed.
struct Transaction {
    store: Memory,
    held: Held,
}

#[async_trait]
impl Store for Memory {
    async fn begin(&self) -> StoreResult<Box<dyn UnitOfWork>> {
        let held = self.held();
        Ok(Box::new(Transaction {
            store: self.clone(),
            held,
        }))
    }

    async fn accounts_by_identifiers(
        &self,
        portal: &PortalName,
        folded: &[String],
    ) -> StoreResult<Vec<Account>> {
        assert!(folded.len() <= 500, "more than a store takes");
        let found = |account: &&Account| {
            account.portal == *portal && folded.contains(&account.record.folded_identifier())
        };
        Ok(self.held().accounts.iter().filter(found).cloned().collect())
    }

    async fn ping(&self) -> StoreResult<()> {
        Ok(())
    }

    async fn session(&self, _: &PortalName, _: TokenHash) -> StoreResult<Option<SessionOf>> {
        not_for_an_import()
    }

    async fn pending_sign_in(&self, _: &PortalName, _: TokenHash) -> StoreResult<Option<PendingSignIn>> {
        not_for_an_import()
    }

    async fn account_by_identifier(&self, _: &PortalName, _: &str) -> StoreResult<Option<Account>> {
        not_for_an_import()
    }

    async fn account(&self, _: AccountId) -> StoreResult<Option<Account>> {
        not_for_an_import()
    }

    async fn message(&self, _: Uuid) -> StoreResult<Option<QueuedMessage>> {
        not_for_an_import()
    }

    async fn messages_after(&self, _: Uuid, _: u64) -> StoreResult<Vec<QueuedMessage>> {
        not_for_an_import()
    }

    async fn accounts(&self, _: &PortalName, _: Option<AccountStatus>, _: u64) -> StoreResult<Vec<Account>> {
        not_for_an_import()
    }

    async fn address_at_or_before(
        &self,
        _: &PortalName,
        _: &str,
    ) -> StoreResult<Option<(String, EmailAddress)>> {
        not_for_an_import()
    }

    async fn link(&self, _: &PortalName, _: LinkHash) -> StoreResult<Option<Link>> {
        not_for_an_import()
    }

    async fn account_request(&self, _: &PortalName, _: &Reference) -> StoreResult<Option<AccountRequest>> {
        not_for_an_import()
    }

    async fn account_request_by_id(&self, _: Uuid) -> StoreResult<Option<AccountRequest>> {
        not_for_an_import()
    }

    async fn account_requests(
        &self,
        _: Option<&PortalName>,
        _: Option<RequestState>,
        _: u64,
    ) -> StoreResult<Vec<AccountRequest>> {
        not_for_an_import()
    }

    async fn messages(&self, _: Option<DeliveryState>, _: u64) -> StoreResult<Vec<QueuedMessage>> {
        not_for_an_import()
    }

    async fn audit_entries(&self, _: i64, _: u64) -> StoreResult<Vec<AuditEntry>> {
        not_for_an_import()
    }

    async fn audit_head(&self) -> StoreResult<AuditHead> {
        not_for_an_import()
    }
}

#[async_trait]
impl UnitOfWork for Transaction {
    async fn insert_accounts(&mut self, accounts: &[Account]) -> StoreResult<()> {
        self.held.accounts.extend_from_slice(accounts);
        match self.held.room {
            Some(room) if self.held.accounts.len() >= room => {
                Err(StoreError::Database("the disk is full".into()))
            }
            _ => Ok(()),
        }
    }

    async fn update_record(&mut self, account: AccountId, record: &Record) -> StoreResult<()> {
        let mut accounts = self.held.accounts.iter_mut();
        let account = accounts
            .find(|known| known.id == account)
            .expect("an account that exists");
        account.record = record.clone();
        Ok(())
    }

    async fn enqueue(&mut self, messages: &[QueuedMessage]) -> StoreResult<()> {
        self.held.messages.extend_from_slice(messages);
        Ok(())
    }

    async fn audit(&mut self, events: &[AuditEvent]) -> StoreResult<()> {
        self.held.events.extend_from_slice(events);
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> StoreResult<()> {
        self.held.commits += 1;
        let committed = self.held;
        self.store.change(|held| *held = committed);
        Ok(())
    }

    async fn accounts_by_email(&mut self, _: &PortalName, _: &str) -> StoreResult<Vec<Account>> {
        not_for_an_import()
    }

    async fn insert_captcha(&mut self, _: &Captcha) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn take_captcha(&mut self, _: [u8; 32]) -> StoreResult<Option<Captcha>> {
        not_for_an_import()
    }

    async fn spend_proof(&mut self, _: &Captcha) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn insert_asked(&mut self, _: &Asked) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn asked_for_update(&mut self, _: &PortalName, _: &Reference) -> StoreResult<Option<Asked>> {
        not_for_an_import()
    }

    async fn delete_asked(&mut self, _: &PortalName, _: &Reference) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn insert_link(&mut self, _: &Link) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn replace_links(&mut self, _: Target, _: Timestamp) -> StoreResult<()> {
        Ok(())
    }

    async fn spend_link(&mut self, _: LinkHash, _: Timestamp) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn insert_account_request(&mut self, _: &AccountRequest) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn account_request_for_update(&mut self, _: Uuid) -> StoreResult<Option<AccountRequest>> {
        not_for_an_import()
    }

    async fn undecided_requests_of(&mut self, _: &PortalName, _: &str) -> StoreResult<Vec<AccountRequest>> {
        not_for_an_import()
    }

    async fn save_account_request(&mut self, _: &AccountRequest) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn delete_account_request(&mut self, _: Uuid) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn account_by_identifier(&mut self, _: &PortalName, _: &str) -> StoreResult<Option<Account>> {
        not_for_an_import()
    }

    async fn account_for_update(&mut self, _: AccountId) -> StoreResult<Option<Account>> {
        not_for_an_import()
    }

    async fn set_password(&mut self, _: AccountId, _: &PasswordState) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn upgrade_hash(&mut self, _: AccountId, _: &PasswordHash, _: &PasswordHash) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn set_status(&mut self, _: AccountId, _: AccountStatus) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn set_language(&mut self, _: AccountId, _: Language) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn record_sign_in(&mut self, _: &Account, _: Timestamp) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn count_tries(&mut self, _: &[ThrottleKey], _: Timestamp) -> StoreResult<Vec<Throttle>> {
        not_for_an_import()
    }

    async fn throttle_for_update(&mut self, _: &ThrottleKey) -> StoreResult<Option<Throttle>> {
        not_for_an_import()
    }

    async fn save_throttle(&mut self, _: &Throttle) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn clear_throttle(&mut self, _: &ThrottleKey) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn insert_pending_sign_in(&mut self, _: &PendingSignIn) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn pending_sign_in_for_update(
        &mut self,
        _: &PortalName,
        _: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>> {
        not_for_an_import()
    }

    async fn save_pending_sign_in(&mut self, _: &PendingSignIn) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn delete_pending_sign_in(&mut self, _: TokenHash) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_pending_sign_ins_of(&mut self, _: AccountId) -> StoreResult<()> {
        Ok(())
    }

    async fn insert_session(&mut self, _: &Session) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn extend_session(&mut self, _: TokenHash, _: Timestamp) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_session(&mut self, _: TokenHash) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_sessions_of(&mut self, _: AccountId) -> StoreResult<u64> {
        not_for_an_import()
    }

    async fn sweep(&mut self, _: Timestamp) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn take_due_messages(
        &mut self,
        _: Channel,
        _: Timestamp,
        _: Timestamp,
        _: u64,
    ) -> StoreResult<Vec<QueuedMessage>> {
        not_for_an_import()
    }

    async fn settle_message(
        &mut self,
        _: Uuid,
        _: u32,
        _: DeliveryState,
        _: Timestamp,
        _: Option<&str>,
    ) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn is_superseded(&mut self, _: &QueuedMessage) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn revive_messages(&mut self, _: Option<Uuid>, _: Timestamp) -> StoreResult<u64> {
        not_for_an_import()
    }
}

fn not_for_an_import<T>() -> StoreResult<T> {
    panic!("an import has no business with this")
}
