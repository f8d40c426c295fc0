//! Accounts, times and names that the tests share.

use jiff::{SignedDuration, Timestamp};
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState};
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::store::{Store, UnitOfWork};
use portique_domain::testing;
use portique_shared::Language;
use portique_storage::Database;
use uuid::Uuid;

pub fn start() -> Timestamp {
    "2026-01-05T08:00:00.123Z".parse().unwrap()
}

pub fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

pub fn paca() -> PortalName {
    PortalName::parse("paca").unwrap()
}

pub fn aura() -> PortalName {
    PortalName::parse("aura").unwrap()
}

/// The account `person<number>` on paca, which nobody has signed in to.
pub fn account(number: u32) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number.into())),
        portal: paca(),
        record: testing::record(&format!("person{number}")),
        status: AccountStatus::Active,
        password: PasswordState::None,
        language: Language::Fr,
        created_at: start(),
        wants_second_factor: false,
        last_sign_in_at: None,
    }
}

pub fn password_hash(text: &str) -> PasswordHash {
    PasswordHash::from_stored(text.to_owned())
}

pub async fn begin(database: &Database) -> Box<dyn UnitOfWork> {
    database.begin().await.unwrap()
}

/// Writes accounts in a transaction of their own.
pub async fn with_accounts(database: &Database, accounts: &[Account]) {
    let mut unit = begin(database).await;
    unit.insert_accounts(accounts).await.unwrap();
    unit.commit().await.unwrap();
}
