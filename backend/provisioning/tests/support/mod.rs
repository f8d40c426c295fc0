//! A store in memory, with what an import asks of one.

mod card_rows;
mod factor_rows;
mod sms_reports;
mod store;
mod unit_of_work;

use std::sync::{Arc, Mutex};

use portique_domain::account::Account;
use portique_domain::audit::AuditEvent;
use portique_domain::clock::FixedClock;
use portique_domain::keyring::{Key, Keyring};
use portique_domain::outbox::QueuedMessage;
use portique_domain::password::{PasswordHasher, Pepper};
use portique_domain::store::StoreResult;
use portique_domain::testing::SeededEntropy;
use portique_domain::use_cases::Tools;

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

fn not_for_an_import<T>() -> StoreResult<T> {
    panic!("an import has no business with this")
}
