mod card_rows;
mod factor_rows;
mod sms_reports;

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
use portique_domain::store::{StoreResult, UnitOfWork};
use portique_domain::throttle::{Throttle, ThrottleKey};
use portique_shared::Language;
use portique_shared::api::contacts::ContactKind;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::error::store_error;
use crate::repositories::{
    account_requests, accounts, asked, audit, captchas, card_ceremonies, contact_changes, links, outbox,
    passkey_challenges, pending_sign_ins, remembered_browsers, sessions, throttles,
};

/// One transaction of the database; dropped, it is rolled back.
pub(crate) struct Transaction(DatabaseTransaction);

impl Transaction {
    pub(crate) fn new(transaction: DatabaseTransaction) -> Self {
        Self(transaction)
    }
}

#[async_trait]
impl UnitOfWork for Transaction {
    async fn account_by_identifier(
        &mut self,
        portal: &PortalName,
        folded: &str,
    ) -> StoreResult<Option<Account>> {
        accounts::by_identifier(&self.0, portal, folded).await
    }

    async fn accounts_by_email(&mut self, portal: &PortalName, folded: &str) -> StoreResult<Vec<Account>> {
        accounts::by_email(&self.0, portal, folded).await
    }

    async fn account_for_update(&mut self, id: AccountId) -> StoreResult<Option<Account>> {
        accounts::for_update(&self.0, id).await
    }

    async fn insert_accounts(&mut self, accounts: &[Account]) -> StoreResult<()> {
        accounts::insert(&self.0, accounts).await
    }

    async fn update_record(&mut self, account: AccountId, record: &Record) -> StoreResult<()> {
        accounts::update_record(&self.0, account, record).await
    }

    async fn set_password(&mut self, account: AccountId, password: &PasswordState) -> StoreResult<()> {
        accounts::set_password(&self.0, account, password).await
    }

    async fn upgrade_hash(
        &mut self,
        account: AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> StoreResult<()> {
        accounts::upgrade_hash(&self.0, account, old, new).await
    }

    async fn set_status(&mut self, account: AccountId, status: AccountStatus) -> StoreResult<()> {
        accounts::set_status(&self.0, account, status).await
    }

    async fn contact_changes(&mut self, account: AccountId) -> StoreResult<Vec<ContactChange>> {
        contact_changes::of(&self.0, account).await
    }

    async fn save_contact_change(&mut self, change: &ContactChange) -> StoreResult<()> {
        contact_changes::save(&self.0, change).await
    }

    async fn delete_contact_changes(
        &mut self,
        account: AccountId,
        kind: Option<ContactKind>,
    ) -> StoreResult<()> {
        contact_changes::delete(&self.0, account, kind).await
    }

    async fn set_language(&mut self, account: AccountId, language: Language) -> StoreResult<()> {
        accounts::set_language(&self.0, account, language).await
    }

    async fn record_sign_in(&mut self, account: &Account, at: Timestamp) -> StoreResult<bool> {
        accounts::record_sign_in(&self.0, account, at).await
    }

    async fn count_tries(&mut self, keys: &[ThrottleKey], now: Timestamp) -> StoreResult<Vec<Throttle>> {
        throttles::count(&self.0, keys, now).await
    }

    async fn throttle_for_update(&mut self, key: &ThrottleKey) -> StoreResult<Option<Throttle>> {
        throttles::for_update(&self.0, key).await
    }

    async fn save_throttle(&mut self, throttle: &Throttle) -> StoreResult<()> {
        throttles::save(&self.0, throttle).await
    }

    async fn clear_throttle(&mut self, key: &ThrottleKey) -> StoreResult<()> {
        throttles::clear(&self.0, key).await
    }

    async fn insert_pending_sign_in(&mut self, pending: &PendingSignIn) -> StoreResult<()> {
        pending_sign_ins::insert(&self.0, pending).await
    }

    async fn pending_sign_in_for_update(
        &mut self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>> {
        pending_sign_ins::for_update(&self.0, portal, token).await
    }

    async fn save_pending_sign_in(&mut self, pending: &PendingSignIn) -> StoreResult<()> {
        pending_sign_ins::save(&self.0, pending).await
    }

    async fn delete_pending_sign_in(&mut self, token: TokenHash) -> StoreResult<bool> {
        pending_sign_ins::delete(&self.0, token).await
    }

    async fn delete_pending_sign_ins_of(&mut self, account: AccountId) -> StoreResult<()> {
        pending_sign_ins::delete_of(&self.0, account).await
    }

    async fn renew_session(
        &mut self,
        token: TokenHash,
        renewed: TokenHash,
        proved_at: Timestamp,
    ) -> StoreResult<bool> {
        sessions::renew(&self.0, token, renewed, proved_at).await
    }

    async fn insert_session(&mut self, session: &Session) -> StoreResult<()> {
        sessions::insert(&self.0, session).await
    }

    async fn extend_session(
        &mut self,
        token: TokenHash,
        idle_expires_at: Timestamp,
        used: Use,
    ) -> StoreResult<bool> {
        sessions::extend(&self.0, token, idle_expires_at, used).await
    }

    async fn delete_session(&mut self, token: TokenHash) -> StoreResult<bool> {
        sessions::delete(&self.0, token).await
    }

    async fn delete_session_by_id(
        &mut self,
        account: AccountId,
        id: SessionId,
        now: Timestamp,
    ) -> StoreResult<bool> {
        sessions::delete_by_id(&self.0, account, id, now).await
    }

    async fn delete_other_sessions(
        &mut self,
        account: AccountId,
        kept: TokenHash,
    ) -> StoreResult<Option<u64>> {
        if !sessions::is_of(&self.0, account, kept).await? {
            return Ok(None);
        }
        contact_changes::delete(&self.0, account, None).await?;
        pending_sign_ins::delete_of(&self.0, account).await?;
        let ended = sessions::delete_others(&self.0, account, kept).await?;
        remembered_browsers::delete_of(&self.0, account).await?;
        Ok(Some(ended))
    }

    async fn delete_sessions_of(&mut self, account: AccountId) -> StoreResult<u64> {
        contact_changes::delete(&self.0, account, None).await?;
        pending_sign_ins::delete_of(&self.0, account).await?;
        let ended = sessions::delete_of(&self.0, account).await?;
        remembered_browsers::delete_of(&self.0, account).await?;
        Ok(ended)
    }

    async fn insert_remembered_browser(&mut self, browser: &RememberedBrowser) -> StoreResult<()> {
        remembered_browsers::insert(&self.0, browser).await
    }

    async fn note_browser_use(
        &mut self,
        account: AccountId,
        token: TokenHash,
        used: Use,
    ) -> StoreResult<bool> {
        remembered_browsers::note_use(&self.0, account, token, used).await
    }

    async fn forget_held_browser(&mut self, token: TokenHash) -> StoreResult<()> {
        remembered_browsers::delete_by_token(&self.0, token).await
    }

    async fn forget_browser(
        &mut self,
        account: AccountId,
        id: BrowserId,
        now: Timestamp,
    ) -> StoreResult<bool> {
        remembered_browsers::delete_by_id(&self.0, account, id, now).await
    }

    async fn forget_browsers(&mut self, account: AccountId) -> StoreResult<()> {
        remembered_browsers::delete_of(&self.0, account).await
    }

    async fn sweep(&mut self, now: Timestamp) -> StoreResult<()> {
        throttles::sweep(&self.0, now).await?;
        sessions::sweep(&self.0, now).await?;
        remembered_browsers::sweep(&self.0, now).await?;
        pending_sign_ins::sweep(&self.0, now).await?;
        contact_changes::sweep(&self.0, now).await?;
        captchas::sweep(&self.0, now).await?;
        passkey_challenges::sweep(&self.0, now).await?;
        card_ceremonies::sweep(&self.0, now).await?;
        asked::sweep(&self.0, now).await?;
        links::sweep(&self.0, now).await?;
        account_requests::sweep(&self.0, now).await?;
        outbox::sweep(&self.0, now).await
    }

    async fn insert_captcha(&mut self, captcha: &Captcha) -> StoreResult<()> {
        captchas::insert(&self.0, captcha).await
    }

    async fn take_captcha(&mut self, key: [u8; 32]) -> StoreResult<Option<Captcha>> {
        captchas::take(&self.0, key).await
    }

    async fn spend_proof(&mut self, captcha: &Captcha) -> StoreResult<bool> {
        captchas::spend(&self.0, captcha).await
    }

    async fn insert_passkey_challenge(&mut self, challenge: &PasskeyChallenge) -> StoreResult<()> {
        passkey_challenges::insert(&self.0, challenge).await
    }

    async fn take_passkey_challenge(&mut self, key: [u8; 32]) -> StoreResult<Option<PasskeyChallenge>> {
        passkey_challenges::take(&self.0, key).await
    }

    async fn insert_asked(&mut self, asked: &Asked) -> StoreResult<()> {
        asked::insert(&self.0, asked).await
    }

    async fn asked_for_update(
        &mut self,
        portal: &PortalName,
        reference: &Reference,
    ) -> StoreResult<Option<Asked>> {
        asked::for_update(&self.0, portal, reference).await
    }

    async fn delete_asked(&mut self, portal: &PortalName, reference: &Reference) -> StoreResult<bool> {
        asked::delete(&self.0, portal, reference).await
    }

    async fn insert_link(&mut self, link: &Link) -> StoreResult<()> {
        links::insert(&self.0, link).await
    }

    async fn replace_links(&mut self, target: Target, now: Timestamp) -> StoreResult<()> {
        links::replace(&self.0, target, now).await
    }

    async fn spend_link(&mut self, hash: LinkHash, now: Timestamp) -> StoreResult<bool> {
        links::spend(&self.0, hash, now).await
    }

    async fn insert_account_request(&mut self, request: &AccountRequest) -> StoreResult<()> {
        account_requests::insert(&self.0, request).await
    }

    async fn account_request_for_update(&mut self, id: Uuid) -> StoreResult<Option<AccountRequest>> {
        account_requests::for_update(&self.0, id).await
    }

    async fn undecided_requests_of(
        &mut self,
        portal: &PortalName,
        folded_email: &str,
    ) -> StoreResult<Vec<AccountRequest>> {
        account_requests::undecided(&self.0, portal, folded_email).await
    }

    async fn save_account_request(&mut self, request: &AccountRequest) -> StoreResult<()> {
        account_requests::save(&self.0, request).await
    }

    async fn delete_account_request(&mut self, id: Uuid) -> StoreResult<()> {
        account_requests::delete(&self.0, id).await
    }

    async fn enqueue(&mut self, messages: &[QueuedMessage]) -> StoreResult<()> {
        outbox::insert(&self.0, messages).await
    }

    async fn take_due_messages(
        &mut self,
        channel: Channel,
        now: Timestamp,
        hold_until: Timestamp,
        limit: u64,
    ) -> StoreResult<Vec<QueuedMessage>> {
        outbox::take_due(&self.0, channel, now, hold_until, limit).await
    }

    async fn settle_message(
        &mut self,
        id: Uuid,
        attempts: u32,
        state: DeliveryState,
        due_at: Timestamp,
        error: Option<&str>,
    ) -> StoreResult<bool> {
        outbox::settle(&self.0, id, attempts, state, due_at, error).await
    }

    async fn is_superseded(&mut self, message: &QueuedMessage) -> StoreResult<bool> {
        outbox::is_superseded(&self.0, message).await
    }

    async fn revive_messages(&mut self, id: Option<Uuid>, now: Timestamp) -> StoreResult<u64> {
        outbox::revive(&self.0, id, now).await
    }

    async fn audit(&mut self, events: &[AuditEvent]) -> StoreResult<()> {
        audit::append(&self.0, events).await
    }

    async fn commit(self: Box<Self>) -> StoreResult<()> {
        self.0.commit().await.map_err(store_error)
    }
}
