use async_trait::async_trait;
use portique_domain::account::{Account, AccountId, AccountStatus};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::audit::{AuditEntry, AuditHead};
use portique_domain::link::{Link, LinkHash};
use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::remembered_browser::RememberedBrowser;
use portique_domain::second_step::PendingSignIn;
use portique_domain::session::{Session, SessionOf, TokenHash};
use portique_domain::store::{Store, StoreResult, UnitOfWork};
use portique_shared::types::EmailAddress;
use uuid::Uuid;

use super::{Memory, Transaction, not_for_an_import};
use portique_domain::authenticator::Factors;
use portique_domain::card_ceremony::{AccountCard, CardCeremony};
use portique_domain::contact::ContactChange;

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

    async fn remembered_browser(
        &self,
        _: &PortalName,
        _: TokenHash,
    ) -> StoreResult<Option<RememberedBrowser>> {
        not_for_an_import()
    }

    async fn sessions_of(&self, _: AccountId) -> StoreResult<Vec<Session>> {
        not_for_an_import()
    }

    async fn remembered_browsers_of(&self, _: AccountId) -> StoreResult<Vec<RememberedBrowser>> {
        not_for_an_import()
    }

    async fn message(&self, _: Uuid) -> StoreResult<Option<QueuedMessage>> {
        not_for_an_import()
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

    async fn contact_changes(&self, _: AccountId) -> StoreResult<Vec<ContactChange>> {
        not_for_an_import()
    }

    async fn card_ceremony(&self, _: [u8; 32]) -> StoreResult<Option<CardCeremony>> {
        not_for_an_import()
    }

    async fn account_cards(&self, _: AccountId) -> StoreResult<Vec<AccountCard>> {
        not_for_an_import()
    }

    async fn factors(&self, _: AccountId) -> StoreResult<Factors> {
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
