use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use portique_domain::application::AccountRequest;
use portique_domain::audit::AuditEvent;
use portique_domain::captcha::Captcha;
use portique_domain::link::{Link, LinkHash, Target};
use portique_domain::outbox::{Channel, DeliveryState, QueuedMessage};
use portique_domain::passkey::PasskeyChallenge;
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::recovery::Asked;
use portique_domain::reference::Reference;
use portique_domain::remembered_browser::{BrowserId, RememberedBrowser};
use portique_domain::second_step::PendingSignIn;
use portique_domain::session::{Session, SessionId, TokenHash, Use};
use portique_domain::store::{StoreError, StoreResult, UnitOfWork};
use portique_domain::throttle::{Throttle, ThrottleKey};
use portique_shared::Language;
use portique_shared::api::contacts::ContactKind;
use uuid::Uuid;

use super::{Transaction, not_for_an_import};
use portique_domain::contact::ContactChange;

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

    async fn insert_passkey_challenge(&mut self, _: &PasskeyChallenge) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn take_passkey_challenge(&mut self, _: [u8; 32]) -> StoreResult<Option<PasskeyChallenge>> {
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

    async fn account_for_update(&mut self, id: AccountId) -> StoreResult<Option<Account>> {
        let mut accounts = self.held.accounts.iter();
        Ok(accounts.find(|account| account.id == id).cloned())
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

    async fn contact_changes(&mut self, _: AccountId) -> StoreResult<Vec<ContactChange>> {
        not_for_an_import()
    }

    async fn save_contact_change(&mut self, _: &ContactChange) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn delete_contact_changes(&mut self, _: AccountId, _: Option<ContactKind>) -> StoreResult<()> {
        // Nobody changes a contact here.
        Ok(())
    }

    async fn renew_session(&mut self, _: TokenHash, _: TokenHash, _: Timestamp) -> StoreResult<bool> {
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

    async fn extend_session(&mut self, _: TokenHash, _: Timestamp, _: Use) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn insert_remembered_browser(&mut self, _: &RememberedBrowser) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn note_browser_use(&mut self, _: AccountId, _: TokenHash, _: Use) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn forget_held_browser(&mut self, _: TokenHash) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn forget_browser(&mut self, _: AccountId, _: BrowserId, _: Timestamp) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn forget_browsers(&mut self, _: AccountId) -> StoreResult<()> {
        Ok(())
    }

    async fn delete_session_by_id(&mut self, _: AccountId, _: SessionId, _: Timestamp) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_other_sessions(&mut self, _: AccountId, _: TokenHash) -> StoreResult<Option<u64>> {
        not_for_an_import()
    }

    async fn delete_session(&mut self, _: TokenHash) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_sessions_of(&mut self, _: AccountId) -> StoreResult<u64> {
        // Nobody signs in here.
        Ok(0)
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
