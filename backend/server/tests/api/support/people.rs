//! People with accounts.

use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState};
use portique_domain::entropy::new_id;
use portique_domain::password::{Password, PasswordHash};
use portique_domain::portal::PortalName;
use portique_domain::testing;
use portique_shared::Language;

use super::App;

/// The password of everybody here; good on every preset.
pub const PASSWORD: &str = "Girafe#2026-bleue";
/// Another one, to change to.
pub const NEW_PASSWORD: &str = "Tortue&1987-verte";

/// The host of a preset's portal, as [`super::Installation`] writes it.
pub fn host(preset: &str) -> String {
    match preset {
        "neutral" => "localhost".to_owned(),
        preset => format!("{preset}.example"),
    }
}

impl App {
    /// A person of that identifier on a preset's portal, with [`PASSWORD`], not yet written anywhere.
    pub async fn draft(&self, preset: &str, identifier: &str) -> Account {
        let now = self.now();
        Account {
            id: AccountId(new_id(self.tools.entropy.as_ref(), now)),
            portal: PortalName::parse(preset).unwrap(),
            record: testing::record(identifier),
            status: AccountStatus::Active,
            password: PasswordState::Definitive {
                hash: self.hash(PASSWORD).await,
                changed_at: now,
            },
            language: Language::Fr,
            created_at: now,
            wants_second_factor: false,
            last_sign_in_at: None,
        }
    }

    /// The same, given an account.
    pub async fn create(&self, preset: &str, identifier: &str) -> Account {
        let account = self.draft(preset, identifier).await;
        self.insert(&account).await;
        account
    }

    /// `jeanne.lefevre` on paca.
    pub async fn jeanne(&self) -> Account {
        self.create("paca", "jeanne.lefevre").await
    }

    /// The same with [`PASSWORD`] as a provisional one, good for three days.
    pub async fn newcomer(&self, preset: &str, identifier: &str) -> Account {
        let mut account = self.draft(preset, identifier).await;
        account.password = PasswordState::Provisional {
            hash: self.hash(PASSWORD).await,
            expires_at: self.now() + jiff::SignedDuration::from_hours(72),
        };
        self.insert(&account).await;
        account
    }

    pub async fn insert(&self, account: &Account) {
        let mut unit = self.tools.store.begin().await.unwrap();
        unit.insert_accounts(std::slice::from_ref(account)).await.unwrap();
        unit.commit().await.unwrap();
    }

    pub async fn hash(&self, password: &str) -> PasswordHash {
        let entropy = self.tools.entropy.as_ref();
        let mut turn = self.tools.hasher.turn().unwrap();
        turn.hash(&Password::new(password), entropy).await.unwrap()
    }

    /// The account as it stands in the database now.
    pub async fn reread(&self, account: &Account) -> Account {
        self.tools.store.account(account.id).await.unwrap().unwrap()
    }

    /// Disables every account, as an administrator at the database's console would.
    pub async fn disable_everybody(&self) {
        let done = self
            .database
            .run_by_hand("UPDATE accounts SET status = 'disabled'")
            .await;
        assert!(done.unwrap() > 0);
    }
}
