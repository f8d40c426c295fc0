//! A database in memory, as far as the worker needs one: transactions one after the other, failures on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::audit::{AuditEntry, AuditEvent, AuditHead};
use portique_domain::authenticator::Factors;
use portique_domain::card_ceremony::{AccountCard, CardCeremony};
use portique_domain::contact::ContactChange;
use portique_domain::link::{Link, LinkHash};
use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::remembered_browser::RememberedBrowser;
use portique_domain::second_step::PendingSignIn;
use portique_domain::session::{Session, SessionOf, TokenHash};
use portique_domain::sms::AwaitedReport;
use portique_domain::store::{Store, StoreResult, UnitOfWork};
use portique_shared::types::EmailAddress;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::unit_of_work::MemoryUnit;

/// What the database holds.
#[derive(Clone, Default)]
pub(crate) struct Rows {
    pub(crate) accounts: Vec<Account>,
    pub(crate) messages: Vec<QueuedMessage>,
    pub(crate) audited: Vec<AuditEvent>,
    pub(crate) requests: Vec<AccountRequest>,
    /// With the moments at which they are asked for.
    pub(crate) awaited: Vec<(AwaitedReport, Timestamp)>,
}

/// Cloning shares the rows.
#[derive(Clone, Default)]
pub(crate) struct MemoryStore {
    rows: Arc<Mutex<Rows>>,
    /// Settling fails this many times more.
    failures: Arc<AtomicUsize>,
}

impl MemoryStore {
    pub(crate) async fn rows(&self) -> Rows {
        self.rows.lock().await.clone()
    }

    /// Changes rows as nobody in the product would.
    pub(crate) async fn tamper(&self, change: impl FnOnce(&mut Rows)) {
        change(&mut *self.rows.lock().await);
    }

    pub(crate) fn fail_to_settle(&self, times: usize) {
        self.failures.store(times, Ordering::SeqCst);
    }
}

pub(crate) fn not_the_workers_affair() -> ! {
    panic!("the worker has no business with this")
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> StoreResult<Box<dyn UnitOfWork>> {
        let held = Arc::clone(&self.rows).lock_owned().await;
        Ok(Box::new(MemoryUnit {
            rows: held.clone(),
            held,
            failures: Arc::clone(&self.failures),
        }))
    }

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        let rows = self.rows.lock().await;
        Ok(rows.accounts.iter().find(|account| account.id == id).cloned())
    }

    async fn contact_changes(&self, _: AccountId) -> StoreResult<Vec<ContactChange>> {
        not_the_workers_affair()
    }

    async fn card_ceremony(&self, _: [u8; 32]) -> StoreResult<Option<CardCeremony>> {
        not_the_workers_affair()
    }

    async fn account_cards(&self, _: AccountId) -> StoreResult<Vec<AccountCard>> {
        not_the_workers_affair()
    }

    async fn factors(&self, _: AccountId) -> StoreResult<Factors> {
        not_the_workers_affair()
    }

    async fn ping(&self) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn session(&self, _: &PortalName, _: TokenHash) -> StoreResult<Option<SessionOf>> {
        not_the_workers_affair()
    }

    async fn sessions_of(&self, _: AccountId) -> StoreResult<Vec<Session>> {
        not_the_workers_affair()
    }

    async fn remembered_browser(
        &self,
        _: &PortalName,
        _: TokenHash,
    ) -> StoreResult<Option<RememberedBrowser>> {
        not_the_workers_affair()
    }

    async fn remembered_browsers_of(&self, _: AccountId) -> StoreResult<Vec<RememberedBrowser>> {
        not_the_workers_affair()
    }

    async fn pending_sign_in(&self, _: &PortalName, _: TokenHash) -> StoreResult<Option<PendingSignIn>> {
        not_the_workers_affair()
    }

    async fn account_by_identifier(&self, _: &PortalName, _: &str) -> StoreResult<Option<Account>> {
        not_the_workers_affair()
    }

    async fn accounts_by_identifiers(&self, _: &PortalName, _: &[String]) -> StoreResult<Vec<Account>> {
        not_the_workers_affair()
    }

    async fn messages(&self, _: Option<DeliveryState>, _: u64) -> StoreResult<Vec<QueuedMessage>> {
        not_the_workers_affair()
    }

    async fn message(&self, _: Uuid) -> StoreResult<Option<QueuedMessage>> {
        not_the_workers_affair()
    }

    async fn messages_after(&self, _: Uuid, _: u64) -> StoreResult<Vec<QueuedMessage>> {
        not_the_workers_affair()
    }

    async fn accounts(&self, _: &PortalName, _: Option<AccountStatus>, _: u64) -> StoreResult<Vec<Account>> {
        not_the_workers_affair()
    }

    async fn address_at_or_before(
        &self,
        _: &PortalName,
        _: &str,
    ) -> StoreResult<Option<(String, EmailAddress)>> {
        not_the_workers_affair()
    }

    async fn link(&self, _: &PortalName, _: LinkHash) -> StoreResult<Option<Link>> {
        not_the_workers_affair()
    }

    async fn account_request(
        &self,
        _: &PortalName,
        reference: &Reference,
    ) -> StoreResult<Option<AccountRequest>> {
        let rows = self.rows.lock().await;
        let found = rows.requests.iter().find(|row| row.reference == *reference);
        Ok(found.cloned())
    }

    async fn account_request_by_id(&self, _: Uuid) -> StoreResult<Option<AccountRequest>> {
        not_the_workers_affair()
    }

    async fn account_requests(
        &self,
        _: Option<&PortalName>,
        _: Option<RequestState>,
        _: u64,
    ) -> StoreResult<Vec<AccountRequest>> {
        not_the_workers_affair()
    }

    async fn audit_entries(&self, _: i64, _: u64) -> StoreResult<Vec<AuditEntry>> {
        not_the_workers_affair()
    }

    async fn audit_head(&self) -> StoreResult<AuditHead> {
        not_the_workers_affair()
    }
}
