use async_trait::async_trait;
use portique_domain::account::{Account, AccountId, AccountStatus};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::audit::{AuditEntry, AuditHead};
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
use portique_domain::store::{Store, StoreResult, UnitOfWork};
use portique_shared::types::EmailAddress;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use uuid::Uuid;

use crate::connect::{self, ConnectError, Options};
use crate::error::store_error;
use crate::migrations::{self, MigrateError};
use crate::repositories::{
    account_cards, account_requests, accounts, audit, authenticators, card_ceremonies, contact_changes,
    links, outbox, pending_sign_ins, remembered_browsers, sessions,
};
use crate::unit_of_work::Transaction;

/// A database that answers. Cheap to share behind an `Arc`; every method may be called from many tasks at once.
#[derive(Debug)]
pub struct Database {
    /// For reads outside a transaction.
    pub(crate) readers: DatabaseConnection,
    /// For transactions. On SQLite it is a pool of one: writers queue here, in order, instead of failing on the
    /// file's lock. On PostgreSQL it is the same pool as `readers`.
    pub(crate) writer: DatabaseConnection,
}

impl Database {
    /// Opens the database at `url` and makes sure that it answers.
    ///
    /// - `sqlite:///folder/file.db?mode=rwc`: the file, created readable by its owner alone if it does not exist
    ///   (without `?mode=rwc` it must exist);
    /// - `postgres://user:password@host:port/database?sslmode=verify-full`: an existing database.
    ///
    /// The schema may be missing or old: see [`Database::migrate`].
    pub async fn connect(url: &str, options: Options) -> Result<Self, ConnectError> {
        connect::connect(url, options).await
    }

    /// Brings the schema up to date, in one transaction. Two servers may call this at once: one waits for the other.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        migrations::run(self).await
    }

    /// Closes every connection once what is under way has ended. On SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        // Closing a pool reports no errors.
        drop(self.readers.close_by_ref().await);
        drop(self.writer.close_by_ref().await);
    }

    pub(crate) async fn transaction(&self) -> Result<sea_orm::DatabaseTransaction, sea_orm::DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                // A transaction that reads first and writes later would fail where another wrote in between.
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }
}

#[async_trait]
impl Store for Database {
    async fn begin(&self) -> StoreResult<Box<dyn UnitOfWork>> {
        let transaction = self.transaction().await.map_err(store_error)?;
        Ok(Box::new(Transaction::new(transaction)))
    }

    async fn ping(&self) -> StoreResult<()> {
        // Unlike `SELECT 1` this needs the file or the server's tables.
        self.readers
            .execute_unprepared("SELECT 1 FROM accounts LIMIT 1")
            .await
            .map(drop)
            .map_err(store_error)
    }

    async fn session(&self, portal: &PortalName, token: TokenHash) -> StoreResult<Option<SessionOf>> {
        sessions::find(&self.readers, portal, token).await
    }

    async fn sessions_of(&self, account: AccountId) -> StoreResult<Vec<Session>> {
        sessions::of(&self.readers, account).await
    }

    async fn remembered_browser(
        &self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<RememberedBrowser>> {
        remembered_browsers::find(&self.readers, portal, token).await
    }

    async fn remembered_browsers_of(&self, account: AccountId) -> StoreResult<Vec<RememberedBrowser>> {
        remembered_browsers::of(&self.readers, account).await
    }

    async fn pending_sign_in(
        &self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>> {
        pending_sign_ins::find(&self.readers, portal, token).await
    }

    async fn account_by_identifier(&self, portal: &PortalName, folded: &str) -> StoreResult<Option<Account>> {
        accounts::by_identifier(&self.readers, portal, folded).await
    }

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>> {
        accounts::by_id(&self.readers, id).await
    }

    async fn factors(&self, account: AccountId) -> StoreResult<Factors> {
        authenticators::factors(&self.readers, account).await
    }

    async fn accounts_by_identifiers(
        &self,
        portal: &PortalName,
        folded: &[String],
    ) -> StoreResult<Vec<Account>> {
        accounts::by_identifiers(&self.readers, portal, folded).await
    }

    async fn card_ceremony(&self, key: [u8; 32]) -> StoreResult<Option<CardCeremony>> {
        card_ceremonies::find(&self.readers, key).await
    }

    async fn account_cards(&self, account: AccountId) -> StoreResult<Vec<AccountCard>> {
        account_cards::of(&self.readers, account).await
    }

    async fn contact_changes(&self, account: AccountId) -> StoreResult<Vec<ContactChange>> {
        contact_changes::of(&self.readers, account).await
    }

    async fn accounts(
        &self,
        portal: &PortalName,
        status: Option<AccountStatus>,
        limit: u64,
    ) -> StoreResult<Vec<Account>> {
        accounts::list(&self.readers, portal, status, limit).await
    }

    async fn address_at_or_before(
        &self,
        portal: &PortalName,
        folded: &str,
    ) -> StoreResult<Option<(String, EmailAddress)>> {
        accounts::address_at_or_before(&self.readers, portal, folded).await
    }

    async fn link(&self, portal: &PortalName, hash: LinkHash) -> StoreResult<Option<Link>> {
        links::find(&self.readers, portal, hash).await
    }

    async fn account_request(
        &self,
        portal: &PortalName,
        reference: &Reference,
    ) -> StoreResult<Option<AccountRequest>> {
        account_requests::by_reference(&self.readers, portal, reference).await
    }

    async fn account_request_by_id(&self, id: Uuid) -> StoreResult<Option<AccountRequest>> {
        account_requests::by_id(&self.readers, id).await
    }

    async fn account_requests(
        &self,
        portal: Option<&PortalName>,
        state: Option<RequestState>,
        limit: u64,
    ) -> StoreResult<Vec<AccountRequest>> {
        account_requests::list(&self.readers, portal, state, limit).await
    }

    async fn messages(&self, state: Option<DeliveryState>, limit: u64) -> StoreResult<Vec<QueuedMessage>> {
        outbox::list(&self.readers, state, limit).await
    }

    async fn message(&self, id: Uuid) -> StoreResult<Option<QueuedMessage>> {
        outbox::find(&self.readers, id).await
    }

    async fn messages_after(&self, id: Uuid, limit: u64) -> StoreResult<Vec<QueuedMessage>> {
        outbox::after(&self.readers, id, limit).await
    }

    async fn audit_entries(&self, after_sequence: i64, limit: u64) -> StoreResult<Vec<AuditEntry>> {
        audit::entries(&self.readers, after_sequence, limit).await
    }

    async fn audit_head(&self) -> StoreResult<AuditHead> {
        audit::head(&self.readers).await
    }
}
