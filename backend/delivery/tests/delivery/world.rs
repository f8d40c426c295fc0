//! An installation in small: one portal, accounts, a queue, a clock one can turn, mailers that do as they are told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_delivery::worker::Worker;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState};
use portique_domain::application::{AccountRequest, RequestState};
use portique_domain::clock::{Clock, FixedClock, TurnableClock};
use portique_domain::entropy::new_id;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::mail::{Mailer, OutgoingMail, SendError};
use portique_domain::outbox::{Mailbox, Message, QueuedMessage};
use portique_domain::password::{Password, PasswordHasher, Pepper};
use portique_domain::portal::{Portal, PortalName, Portals};
use portique_domain::recovery::Application;
use portique_domain::reference::Reference;
use portique_domain::store::Store;
use portique_domain::testing::{self, SeededEntropy};
use portique_domain::use_cases::Tools;
use portique_shared::Language;
use tokio::sync::Notify;

use crate::store::MemoryStore;

/// A Tuesday, 08:00 in Paris.
pub(crate) const START: &str = "2026-11-24T07:00:00Z";

pub(crate) struct World {
    pub(crate) clock: Arc<TurnableClock>,
    pub(crate) store: MemoryStore,
    pub(crate) tools: Tools,
    pub(crate) portal: Portal,
}

impl World {
    pub(crate) fn new() -> Self {
        let start: Timestamp = START.parse().expect("a moment, well written");
        let clock = Arc::new(TurnableClock::new(Arc::new(FixedClock(start))));
        let entropy = Arc::new(SeededEntropy::new(7));
        let store = MemoryStore::default();
        let tools = Tools {
            store: Arc::new(store.clone()),
            clock: clock.clone(),
            hasher: PasswordHasher::start(1, &Pepper::none(), entropy.as_ref()),
            keyring: Keyring::new(vec![Key::new(1, [1; 32])]).expect("one key"),
            entropy,
        };
        Self {
            clock,
            store,
            tools,
            portal: testing::portal("paca"),
        }
    }

    pub(crate) fn worker(&self, mailer: Arc<dyn Mailer>) -> Worker {
        let portals = Portals::new([self.portal.clone()]);
        Worker::new(self.tools.clone(), portals, HashMap::new(), mailer, None)
    }

    pub(crate) fn turn(&self, duration: SignedDuration) {
        self.clock
            .advance(u32::try_from(duration.as_secs()).expect("some days at most"));
    }

    /// A new account, without a password, and its invitation in the queue.
    pub(crate) async fn invite(&self, identifier: &str) -> AccountId {
        let id = self.add_account(identifier).await;
        self.invite_again(id).await;
        id
    }

    /// Another invitation for the account.
    pub(crate) async fn invite_again(&self, account: AccountId) {
        self.enqueue(&Message::Invitation { reference: None }, account)
            .await;
    }

    /// A new account, and its invitation under a reference: that of a request for an account which stands so, if any.
    pub(crate) async fn invite_who_asked(&self, identifier: &str, state: Option<RequestState>) {
        let account = self.add_account(identifier).await;
        let record = testing::record(identifier);
        let reference = Reference::generate(self.tools.entropy.as_ref());
        let request = state.map(|state| AccountRequest {
            id: new_id(self.tools.entropy.as_ref(), self.clock.now()),
            portal: self.portal.name.clone(),
            reference: reference.clone(),
            application: Application {
                given_name: record.given_name,
                family_name: record.family_name,
                profession: "Sage-femme".to_owned(),
                national_id: None,
                email: record.email,
            },
            language: Language::Fr,
            state,
            created_at: self.clock.now(),
            decided_at: Some(self.clock.now()),
        });
        self.store.tamper(|rows| rows.requests.extend(request)).await;
        let reference = Some(reference);
        self.enqueue(&Message::Invitation { reference }, account).await;
    }

    /// A new account, and the confirmation of a changed password in the queue.
    pub(crate) async fn confirm(&self, identifier: &str) -> AccountId {
        let id = self.add_account(identifier).await;
        let message = Message::PasswordChanged {
            at: self.clock.now(),
            language: Language::Fr,
            to: Mailbox::Main,
            former: None,
        };
        self.enqueue(&message, id).await;
        id
    }

    /// A message for a new account, in the queue.
    pub(crate) async fn queue(&self, message: &Message) {
        let id = self.add_account("jeanne").await;
        self.enqueue(message, id).await;
    }

    async fn add_account(&self, identifier: &str) -> AccountId {
        let id = AccountId(new_id(self.tools.entropy.as_ref(), self.clock.now()));
        let account = Account {
            id,
            portal: self.portal.name.clone(),
            record: testing::record(identifier),
            status: AccountStatus::Active,
            password: PasswordState::None,
            language: Language::Fr,
            created_at: self.clock.now(),
            wants_second_factor: false,
            last_sign_in_at: None,
        };
        self.store.tamper(|rows| rows.accounts.push(account)).await;
        id
    }

    async fn enqueue(&self, message: &Message, account: AccountId) {
        let portal = PortalName::parse("paca").expect("a good name");
        let queued = QueuedMessage::new(
            message,
            &portal,
            Some(account),
            &self.tools.keyring,
            self.tools.entropy.as_ref(),
            self.clock.now(),
        );
        let mut unit = self.store.begin().await.expect("a database in memory");
        unit.enqueue(&[queued]).await.expect("a database in memory");
        unit.commit().await.expect("a database in memory");
    }

    /// The queue's only message.
    pub(crate) async fn message(&self) -> QueuedMessage {
        let mut messages = self.store.rows().await.messages;
        assert_eq!(messages.len(), 1);
        messages.remove(0)
    }

    /// Whether `password` opens the account.
    pub(crate) async fn opens(&self, account: AccountId, password: &str) -> bool {
        let rows = self.store.rows().await;
        let account = rows
            .accounts
            .iter()
            .find(|row| row.id == account)
            .expect("no account goes");
        let verified = self
            .tools
            .hasher
            .turn()
            .expect("nobody else is hashing")
            .verify(&Password::new(password), account.password.hash())
            .await;
        verified.expect("nobody else is hashing").matches
    }
}

/// The provisional password that an invitation tells: alone on its line, after the identifier.
pub(crate) fn told_password(text: &str) -> String {
    let told = text
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .nth(1)
        .expect("an invitation tells its password");
    told.to_owned()
}

/// Takes mails and gives the answers it was told to give, in order; then takes every mail.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) mails: Mutex<Vec<OutgoingMail>>,
    pub(crate) refusals: Mutex<VecDeque<SendError>>,
}

impl Recorder {
    pub(crate) fn refusing(refusals: impl IntoIterator<Item = SendError>) -> Arc<Self> {
        Arc::new(Self {
            mails: Mutex::default(),
            refusals: Mutex::new(refusals.into_iter().collect()),
        })
    }

    /// The mails seen so far, refused ones too.
    pub(crate) fn seen(&self) -> Vec<OutgoingMail> {
        self.mails
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }
}

#[async_trait]
impl Mailer for Recorder {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        self.mails
            .lock()
            .expect("no test panics while it holds this")
            .push(mail.clone());
        let refusal = self
            .refusals
            .lock()
            .expect("no test panics while it holds this")
            .pop_front();
        refusal.map_or(Ok(()), Err)
    }
}

/// Tells when a mail comes, and takes it only when it is let.
#[derive(Default)]
pub(crate) struct Gate {
    pub(crate) seen: Recorder,
    pub(crate) arrived: Notify,
    pub(crate) opened: Notify,
}

#[async_trait]
impl Mailer for Gate {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        self.seen.send(mail).await?;
        self.arrived.notify_one();
        self.opened.notified().await;
        Ok(())
    }
}
