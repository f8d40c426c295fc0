//! The ports to the database. What writes goes through a [`UnitOfWork`]: one transaction, committed in one place.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use crate::application::{AccountRequest, RequestState};
use crate::audit::{AuditEntry, AuditEvent, AuditHead};
use crate::authenticator::Factors;
use crate::captcha::Captcha;
use crate::card_ceremony::{AccountCard, CardCeremony};
use crate::card_rows::CardRows;
use crate::contact::ContactChange;
use crate::factor_rows::FactorRows;
use crate::link::{Link, LinkHash, Target};
use crate::outbox::{Channel, DeliveryState, QueuedMessage};
use crate::passkey::PasskeyChallenge;
use crate::password::PasswordHash;
use crate::portal::PortalName;
use crate::recovery::Asked;
use crate::reference::Reference;
use crate::remembered_browser::{BrowserId, RememberedBrowser};
use crate::second_step::PendingSignIn;
use crate::session::{Session, SessionId, SessionOf, TokenHash, Use};
use crate::sms::SmsReports;
use crate::throttle::{Throttle, ThrottleKey};
use portique_shared::Language;
use portique_shared::api::contacts::ContactKind;
use portique_shared::types::EmailAddress;

/// The database failed; its own words are for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A uniqueness rule of the database refused a row (two writers at the same instant).
    #[error("another account has this identifier already")]
    Conflict,
    #[error("the database failed: {0}")]
    Database(String),
}

pub type StoreResult<T> = Result<T, StoreError>;

/// Reads, and the way to write.
#[async_trait]
pub trait Store: Send + Sync {
    /// Starts a transaction. Dropped without [`UnitOfWork::commit`], it leaves no trace.
    async fn begin(&self) -> StoreResult<Box<dyn UnitOfWork>>;

    /// Whether the database answers.
    async fn ping(&self) -> StoreResult<()>;

    /// The session with this token on this portal, with its account; ended ones included until they are swept.
    async fn session(&self, portal: &PortalName, token: TokenHash) -> StoreResult<Option<SessionOf>>;

    /// The sessions of an account, in any order; ended ones included until they are swept.
    async fn sessions_of(&self, account: AccountId) -> StoreResult<Vec<Session>>;

    /// The browser with this token on this portal; those whose time is over included until they are swept.
    async fn remembered_browser(
        &self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<RememberedBrowser>>;

    /// The browsers that an account remembers, in any order; the same.
    async fn remembered_browsers_of(&self, account: AccountId) -> StoreResult<Vec<RememberedBrowser>>;

    /// The sign-in that waits under this token on this portal; those whose time is over included until they are swept.
    async fn pending_sign_in(
        &self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>>;

    /// The account with this folded identifier; whether there is one shows in no time that it takes.
    async fn account_by_identifier(&self, portal: &PortalName, folded: &str) -> StoreResult<Option<Account>>;

    async fn account(&self, id: AccountId) -> StoreResult<Option<Account>>;

    /// What the account holds to prove itself a second time.
    async fn factors(&self, account: AccountId) -> StoreResult<Factors>;

    /// The card's ceremony with that key; those whose time is over included until they are swept.
    async fn card_ceremony(&self, key: [u8; 32]) -> StoreResult<Option<CardCeremony>>;

    /// The cards that the account's person attached, the oldest first.
    async fn account_cards(&self, account: AccountId) -> StoreResult<Vec<AccountCard>>;

    /// The account's new contacts that wait for their codes, the address before the telephone; those whose time is over included
    /// until they are swept.
    async fn contact_changes(&self, account: AccountId) -> StoreResult<Vec<ContactChange>>;

    /// A portal's accounts in one status (all for `None`), by folded identifier, at most `limit`.
    async fn accounts(
        &self,
        portal: &PortalName,
        status: Option<AccountStatus>,
        limit: u64,
    ) -> StoreResult<Vec<Account>>;

    /// The accounts that have one of these folded identifiers (at most some 500 a call), in any order.
    async fn accounts_by_identifiers(
        &self,
        portal: &PortalName,
        folded: &[String],
    ) -> StoreResult<Vec<Account>>;

    /// The folded identifier and the address of the account that has `folded`, or else of its neighbour before it: one row is
    /// read whether somebody has the identifier or not. `None` when all come after it.
    async fn address_at_or_before(
        &self,
        portal: &PortalName,
        folded: &str,
    ) -> StoreResult<Option<(String, EmailAddress)>>;

    /// The link with this hash on this portal, ended ones included until they are swept.
    async fn link(&self, portal: &PortalName, hash: LinkHash) -> StoreResult<Option<Link>>;

    /// The newest request for an account under this reference.
    async fn account_request(
        &self,
        portal: &PortalName,
        reference: &Reference,
    ) -> StoreResult<Option<AccountRequest>>;

    async fn account_request_by_id(&self, id: Uuid) -> StoreResult<Option<AccountRequest>>;

    /// Requests for accounts on a portal (all of them for `None`) in one state (all states for `None`), the oldest first.
    async fn account_requests(
        &self,
        portal: Option<&PortalName>,
        state: Option<RequestState>,
        limit: u64,
    ) -> StoreResult<Vec<AccountRequest>>;

    /// Messages in one state (all states for `None`), the oldest first, at most `limit`.
    async fn messages(&self, state: Option<DeliveryState>, limit: u64) -> StoreResult<Vec<QueuedMessage>>;

    /// Messages whose ids come after `id` (nil: from the first on), in the order of their ids, which is that of their
    /// making; at most `limit`.
    async fn messages_after(&self, id: Uuid, limit: u64) -> StoreResult<Vec<QueuedMessage>>;

    /// The message with this id.
    async fn message(&self, id: Uuid) -> StoreResult<Option<QueuedMessage>>;

    /// Entries of the audit trail after `sequence`, in order, at most `limit`.
    async fn audit_entries(&self, after_sequence: i64, limit: u64) -> StoreResult<Vec<AuditEntry>>;

    /// Where the audit trail ended when its last entry was written.
    async fn audit_head(&self) -> StoreResult<AuditHead>;
}

/// One transaction.
#[async_trait]
pub trait UnitOfWork: SmsReports + FactorRows + CardRows {
    async fn account_by_identifier(
        &mut self,
        portal: &PortalName,
        folded: &str,
    ) -> StoreResult<Option<Account>>;

    /// The accounts of one address (folded), the oldest first.
    async fn accounts_by_email(&mut self, portal: &PortalName, folded: &str) -> StoreResult<Vec<Account>>;

    /// The account, locked against other writers until the end of the transaction.
    async fn account_for_update(&mut self, id: AccountId) -> StoreResult<Option<Account>>;

    /// Writes new accounts, many at once. [`StoreError::Conflict`] when an identifier is taken on its portal.
    async fn insert_accounts(&mut self, accounts: &[Account]) -> StoreResult<()>;

    /// Replaces what the agency's file says of a person.
    async fn update_record(&mut self, account: AccountId, record: &Record) -> StoreResult<()>;

    async fn set_password(&mut self, account: AccountId, password: &PasswordState) -> StoreResult<()>;

    /// Puts a hash with today's parameters in place of `old`, unless the password changed meanwhile.
    async fn upgrade_hash(
        &mut self,
        account: AccountId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> StoreResult<()>;

    async fn set_status(&mut self, account: AccountId, status: AccountStatus) -> StoreResult<()>;

    /// As [`Store::contact_changes`]. Nobody else changes them while the account is locked.
    async fn contact_changes(&mut self, account: AccountId) -> StoreResult<Vec<ContactChange>>;

    /// Puts the change in the place of the account's other one of its kind.
    async fn save_contact_change(&mut self, change: &ContactChange) -> StoreResult<()>;

    /// Takes away the account's change of that kind; all of them for `None`.
    async fn delete_contact_changes(
        &mut self,
        account: AccountId,
        kind: Option<ContactKind>,
    ) -> StoreResult<()>;

    async fn set_language(&mut self, account: AccountId, language: Language) -> StoreResult<()>;

    /// Writes down that the account's person signed in, and locks it against other writers until the end of the
    /// transaction. `false`, and nothing written, when its password, status or privileges are not those of `account` any more: whoever
    /// became privileged meanwhile is asked for more.
    async fn record_sign_in(&mut self, account: &Account, at: Timestamp) -> StoreResult<bool>;

    /// Counts a try under each of the keys (no two the same) and gives, in their order, what stood there before: fresh
    /// where nothing did. They are locked, in this order too, until the end of the transaction.
    async fn count_tries(&mut self, keys: &[ThrottleKey], now: Timestamp) -> StoreResult<Vec<Throttle>>;

    /// What stands under `key`, locked until the end of the transaction; `None` where nothing was counted, or all of it
    /// forgotten.
    async fn throttle_for_update(&mut self, key: &ThrottleKey) -> StoreResult<Option<Throttle>>;

    async fn save_throttle(&mut self, throttle: &Throttle) -> StoreResult<()>;

    /// Forgets what was counted under `key`.
    async fn clear_throttle(&mut self, key: &ThrottleKey) -> StoreResult<()>;

    async fn insert_pending_sign_in(&mut self, pending: &PendingSignIn) -> StoreResult<()>;

    /// The same, locked against other writers until the end of the transaction.
    async fn pending_sign_in_for_update(
        &mut self,
        portal: &PortalName,
        token: TokenHash,
    ) -> StoreResult<Option<PendingSignIn>>;

    /// Writes down the code that was sent last, how often another was typed, and until when the sign-in waits.
    async fn save_pending_sign_in(&mut self, pending: &PendingSignIn) -> StoreResult<()>;

    /// Ends a sign-in that waits. `false` when there was none: of any number at one instant, one ends it.
    async fn delete_pending_sign_in(&mut self, token: TokenHash) -> StoreResult<bool>;

    async fn insert_session(&mut self, session: &Session) -> StoreResult<()>;

    /// Moves a session's idle end, and writes down the use that moved it. `false` when there is no such session (any more).
    async fn extend_session(
        &mut self,
        token: TokenHash,
        idle_expires_at: Timestamp,
        used: Use,
    ) -> StoreResult<bool>;

    /// Gives a session another token and writes down that its person proved who they are; `false` when it has ended.
    async fn renew_session(
        &mut self,
        token: TokenHash,
        renewed: TokenHash,
        proved_at: Timestamp,
    ) -> StoreResult<bool>;

    /// Ends one session. `false` when there was none.
    async fn delete_session(&mut self, token: TokenHash) -> StoreResult<bool>;

    /// Ends the session that an account's person names so. `false` when the account has none of that name that lives at `now`.
    async fn delete_session_by_id(
        &mut self,
        account: AccountId,
        id: SessionId,
        now: Timestamp,
    ) -> StoreResult<bool>;

    /// Ends the sessions of an account but the one of `kept`, and its sign-ins that wait for their second step, and forgets its
    /// browsers; gives how many sessions. `None`, and nothing ended, when `kept` has ended itself. The account must be locked before:
    /// else two who delete several rows each wait for one of the other's.
    async fn delete_other_sessions(
        &mut self,
        account: AccountId,
        kept: TokenHash,
    ) -> StoreResult<Option<u64>>;

    /// Ends the sign-ins of an account that wait for their second step.
    async fn delete_pending_sign_ins_of(&mut self, account: AccountId) -> StoreResult<()>;

    /// Ends all sessions of an account, its sign-ins that wait for their second step and its new contacts that wait for their codes,
    /// and forgets its browsers; gives how many sessions. The account must be locked before, here too.
    async fn delete_sessions_of(&mut self, account: AccountId) -> StoreResult<u64>;

    async fn insert_remembered_browser(&mut self, browser: &RememberedBrowser) -> StoreResult<()>;

    /// Writes down that a browser stood in for its account's second step. `false` when it does not (any more).
    async fn note_browser_use(
        &mut self,
        account: AccountId,
        token: TokenHash,
        used: Use,
    ) -> StoreResult<bool>;

    /// Forgets the browser that holds this token, of whichever account.
    async fn forget_held_browser(&mut self, token: TokenHash) -> StoreResult<()>;

    /// Forgets the browser that an account's person names so. `false` when the account has none of that name at `now`.
    async fn forget_browser(
        &mut self,
        account: AccountId,
        id: BrowserId,
        now: Timestamp,
    ) -> StoreResult<bool>;

    /// Forgets every browser of an account: to be called by whatever changes its proofs.
    async fn forget_browsers(&mut self, account: AccountId) -> StoreResult<()>;

    /// Takes away sessions that ended, browsers whose time to be remembered is over, sign-ins whose second step did not come, new contacts whose code nobody typed, throttles whose 24 hours are over, messages sent [`outbox::KEPT`](crate::outbox::KEPT)
    /// ago, captchas, passkeys' challenges, cards' ceremonies and references whose time is over, links that ended [`link::REMEMBERED`](crate::link::REMEMBERED) ago, requests
    /// for accounts whose address nobody proved in that time, and those decided
    /// [`application::DECIDED_KEPT`](crate::application::DECIDED_KEPT) ago.
    async fn sweep(&mut self, now: Timestamp) -> StoreResult<()>;

    /// Writes down a captcha that was given out: under its key, the right answer.
    async fn insert_captcha(&mut self, captcha: &Captcha) -> StoreResult<()>;

    /// Takes a captcha away and gives it: of any number at one instant, one gets it.
    async fn take_captcha(&mut self, key: [u8; 32]) -> StoreResult<Option<Captcha>>;

    /// Writes down that a proof of work was used. `false` when it was already.
    async fn spend_proof(&mut self, captcha: &Captcha) -> StoreResult<bool>;

    async fn insert_passkey_challenge(&mut self, challenge: &PasskeyChallenge) -> StoreResult<()>;

    /// Takes a challenge away and gives it, whatever it was for: of any number at one instant, one gets it.
    async fn take_passkey_challenge(&mut self, key: [u8; 32]) -> StoreResult<Option<PasskeyChallenge>>;

    async fn insert_asked(&mut self, asked: &Asked) -> StoreResult<()>;

    /// The request under this reference, locked against other writers until the end of the transaction.
    async fn asked_for_update(
        &mut self,
        portal: &PortalName,
        reference: &Reference,
    ) -> StoreResult<Option<Asked>>;

    async fn delete_asked(&mut self, portal: &PortalName, reference: &Reference) -> StoreResult<bool>;

    async fn insert_link(&mut self, link: &Link) -> StoreResult<()>;

    /// Every good link to `target` gives way to a newer one.
    async fn replace_links(&mut self, target: Target, now: Timestamp) -> StoreResult<()>;

    /// Uses a link that is good. `false` when it is not (any more): of any number at one instant, one uses it.
    async fn spend_link(&mut self, hash: LinkHash, now: Timestamp) -> StoreResult<bool>;

    async fn insert_account_request(&mut self, request: &AccountRequest) -> StoreResult<()>;

    /// The request, locked against other writers until the end of the transaction.
    async fn account_request_for_update(&mut self, id: Uuid) -> StoreResult<Option<AccountRequest>>;

    /// The undecided requests of this address (folded), the oldest first, locked against other writers until the end of the
    /// transaction.
    async fn undecided_requests_of(
        &mut self,
        portal: &PortalName,
        folded_email: &str,
    ) -> StoreResult<Vec<AccountRequest>>;

    /// Replaces what a request says and how it stands.
    async fn save_account_request(&mut self, request: &AccountRequest) -> StoreResult<()>;

    async fn delete_account_request(&mut self, id: Uuid) -> StoreResult<()>;

    /// Writes messages into the queue, many at once.
    async fn enqueue(&mut self, messages: &[QueuedMessage]) -> StoreResult<()>;

    /// Takes up to `limit` due messages of one channel in hand until `hold_until` and counts the try, one-time codes before the
    /// others. Two workers never take the same one.
    async fn take_due_messages(
        &mut self,
        channel: Channel,
        now: Timestamp,
        hold_until: Timestamp,
        limit: u64,
    ) -> StoreResult<Vec<QueuedMessage>>;

    /// Writes down how a try ended. Nothing is written (`false`) if the hold was lost to another worker meanwhile,
    /// which shows in another count of attempts.
    async fn settle_message(
        &mut self,
        id: Uuid,
        attempts: u32,
        state: DeliveryState,
        due_at: Timestamp,
        error: Option<&str>,
    ) -> StoreResult<bool>;

    /// Whether another message of the same kind and account, queued or sent, came after this one. Dead ones do not count:
    /// nothing of them arrives.
    async fn is_superseded(&mut self, message: &QueuedMessage) -> StoreResult<bool>;

    /// Takes dead messages up again, due now, their tries counted anew: one, or all for `None`. Gives how many.
    async fn revive_messages(&mut self, id: Option<Uuid>, now: Timestamp) -> StoreResult<u64>;

    /// Appends events to the audit trail, in order. Writers wait for each other here, so this comes last before the commit.
    async fn audit(&mut self, events: &[AuditEvent]) -> StoreResult<()>;

    async fn commit(self: Box<Self>) -> StoreResult<()>;
}
