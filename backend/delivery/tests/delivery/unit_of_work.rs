//! A transaction of the database in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use portique_domain::application::AccountRequest;
use portique_domain::audit::AuditEvent;
use portique_domain::captcha::Captcha;
use portique_domain::contact::ContactChange;
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
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::store::{Rows, not_the_workers_affair};

/// A copy of the rows, put in their place at the commit.
pub(crate) struct MemoryUnit {
    pub(crate) rows: Rows,
    pub(crate) held: OwnedMutexGuard<Rows>,
    pub(crate) failures: Arc<AtomicUsize>,
}

#[async_trait]
impl UnitOfWork for MemoryUnit {
    async fn accounts_by_email(&mut self, _: &PortalName, _: &str) -> StoreResult<Vec<Account>> {
        not_the_workers_affair()
    }

    async fn insert_captcha(&mut self, _: &Captcha) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn take_captcha(&mut self, _: [u8; 32]) -> StoreResult<Option<Captcha>> {
        not_the_workers_affair()
    }

    async fn spend_proof(&mut self, _: &Captcha) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn insert_passkey_challenge(&mut self, _: &PasskeyChallenge) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn take_passkey_challenge(&mut self, _: [u8; 32]) -> StoreResult<Option<PasskeyChallenge>> {
        not_the_workers_affair()
    }

    async fn insert_asked(&mut self, _: &Asked) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn asked_for_update(&mut self, _: &PortalName, _: &Reference) -> StoreResult<Option<Asked>> {
        not_the_workers_affair()
    }

    async fn delete_asked(&mut self, _: &PortalName, _: &Reference) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn insert_link(&mut self, _: &Link) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn replace_links(&mut self, _: Target, _: Timestamp) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn spend_link(&mut self, _: LinkHash, _: Timestamp) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn insert_account_request(&mut self, _: &AccountRequest) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn account_request_for_update(&mut self, _: Uuid) -> StoreResult<Option<AccountRequest>> {
        not_the_workers_affair()
    }

    async fn undecided_requests_of(&mut self, _: &PortalName, _: &str) -> StoreResult<Vec<AccountRequest>> {
        not_the_workers_affair()
    }

    async fn save_account_request(&mut self, _: &AccountRequest) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_account_request(&mut self, _: Uuid) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn account_for_update(&mut self, id: AccountId) -> StoreResult<Option<Account>> {
        let account = self.rows.accounts.iter().find(|account| account.id == id);
        Ok(account.cloned())
    }

    async fn set_password(&mut self, id: AccountId, password: &PasswordState) -> StoreResult<()> {
        for account in &mut self.rows.accounts {
            if account.id == id {
                account.password = password.clone();
            }
        }
        Ok(())
    }

    async fn take_due_messages(
        &mut self,
        channel: Channel,
        now: Timestamp,
        hold_until: Timestamp,
        limit: u64,
    ) -> StoreResult<Vec<QueuedMessage>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let due = self
            .rows
            .messages
            .iter_mut()
            .filter(|message| message.state == DeliveryState::Queued && message.due_at <= now)
            .filter(|message| message.channel == channel)
            .take(limit);
        Ok(due
            .map(|message| {
                message.attempts += 1;
                message.due_at = hold_until;
                message.clone()
            })
            .collect())
    }

    async fn settle_message(
        &mut self,
        id: Uuid,
        attempts: u32,
        state: DeliveryState,
        due_at: Timestamp,
        error: Option<&str>,
    ) -> StoreResult<bool> {
        let failed = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if failed.is_ok() {
            return Err(StoreError::Database("the disk is full".into()));
        }
        let held = self
            .rows
            .messages
            .iter_mut()
            .find(|message| message.id == id && message.attempts == attempts)
            .filter(|message| message.state == DeliveryState::Queued);
        Ok(held.is_some_and(|message| {
            message.state = state;
            message.due_at = due_at;
            message.last_error = error.map(str::to_owned);
            true
        }))
    }

    async fn is_superseded(&mut self, message: &QueuedMessage) -> StoreResult<bool> {
        let newer = |other: &QueuedMessage| {
            (other.created_at, other.id) > (message.created_at, message.id)
                && (other.account, &other.kind) == (message.account, &message.kind)
                && other.state != DeliveryState::Dead
        };
        Ok(message.account.is_some() && self.rows.messages.iter().any(newer))
    }

    async fn enqueue(&mut self, messages: &[QueuedMessage]) -> StoreResult<()> {
        self.rows.messages.extend_from_slice(messages);
        Ok(())
    }

    async fn audit(&mut self, events: &[AuditEvent]) -> StoreResult<()> {
        self.rows.audited.extend_from_slice(events);
        Ok(())
    }

    async fn commit(mut self: Box<Self>) -> StoreResult<()> {
        *self.held = self.rows;
        Ok(())
    }

    async fn account_by_identifier(&mut self, _: &PortalName, _: &str) -> StoreResult<Option<Account>> {
        not_the_workers_affair()
    }

    async fn insert_accounts(&mut self, _: &[Account]) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn update_record(&mut self, _: AccountId, _: &Record) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn upgrade_hash(&mut self, _: AccountId, _: &PasswordHash, _: &PasswordHash) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn set_status(&mut self, _: AccountId, _: AccountStatus) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn contact_changes(&mut self, _: AccountId) -> StoreResult<Vec<ContactChange>> {
        not_the_workers_affair()
    }

    async fn save_contact_change(&mut self, _: &ContactChange) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_contact_changes(&mut self, _: AccountId, _: Option<ContactKind>) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn renew_session(&mut self, _: TokenHash, _: TokenHash, _: Timestamp) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn set_language(&mut self, _: AccountId, _: Language) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn record_sign_in(&mut self, _: &Account, _: Timestamp) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn count_tries(&mut self, _: &[ThrottleKey], _: Timestamp) -> StoreResult<Vec<Throttle>> {
        not_the_workers_affair()
    }

    async fn throttle_for_update(&mut self, _: &ThrottleKey) -> StoreResult<Option<Throttle>> {
        not_the_workers_affair()
    }

    async fn save_throttle(&mut self, _: &Throttle) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn clear_throttle(&mut self, _: &ThrottleKey) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn insert_pending_sign_in(&mut self, _: &PendingSignIn) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn pending_sign_in_for_update(
        &mut self,
        _: &PortalName,
        _: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>> {
        not_the_workers_affair()
    }

    async fn save_pending_sign_in(&mut self, _: &PendingSignIn) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_pending_sign_in(&mut self, _: TokenHash) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn delete_pending_sign_ins_of(&mut self, _: AccountId) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn insert_session(&mut self, _: &Session) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn extend_session(&mut self, _: TokenHash, _: Timestamp, _: Use) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn delete_session(&mut self, _: TokenHash) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn insert_remembered_browser(&mut self, _: &RememberedBrowser) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn note_browser_use(&mut self, _: AccountId, _: TokenHash, _: Use) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn forget_held_browser(&mut self, _: TokenHash) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn forget_browser(&mut self, _: AccountId, _: BrowserId, _: Timestamp) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn forget_browsers(&mut self, _: AccountId) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_session_by_id(&mut self, _: AccountId, _: SessionId, _: Timestamp) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn delete_other_sessions(&mut self, _: AccountId, _: TokenHash) -> StoreResult<Option<u64>> {
        not_the_workers_affair()
    }

    async fn delete_sessions_of(&mut self, _: AccountId) -> StoreResult<u64> {
        not_the_workers_affair()
    }

    async fn sweep(&mut self, _: Timestamp) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn revive_messages(&mut self, _: Option<Uuid>, _: Timestamp) -> StoreResult<u64> {
        not_the_workers_affair()
    }
}
