//! A store in memory, with what an import asks of one.

mod transaction;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use portique_domain::account::{Account, AccountId, AccountStatus};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::audit::{AuditEntry, AuditEvent, AuditHead};
use portique_domain::clock::FixedClock;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::link::{Link, LinkHash};
use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_domain::password::{PasswordHasher, Pepper};
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::remembered_browser::RememberedBrowser;
use portique_domain::second_step::PendingSignIn;
use portique_domain::session::{Session, SessionOf, TokenHash};
use portique_domain::store::{Store, StoreResult, UnitOfWork};
use portique_domain::testing::SeededEntropy;
use portique_domain::use_cases::Tools;
use portique_shared::types::EmailAddress;
use uuid::Uuid;

use self::transaction::Transaction;

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

    async fn sessions_of(&self, _: AccountId) -> StoreResult<Vec<Session>> {
        not_for_an_import()
    }

    async fn remembered_browser(
        &self,
        _: &PortalName,
        _: TokenHash,
    ) -> StoreResult<Option<RememberedBrowser>> {
        not_for_an_import()
    }

    async fn remembered_browsers_of(&self, _: AccountId) -> StoreResult<Vec<RememberedBrowser>> {
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

fn not_for_an_import<T>() -> StoreResult<T> {
    panic!("an import has no business with this")
}
