//! No message touches a card.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId};
use portique_domain::card_ceremony::{AccountCard, AccountCardId, CardCeremony, Shown};
use portique_domain::card_rows::CardRows;
use portique_domain::portal::PortalName;
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use portique_shared::types::NationalId;

use crate::store::not_the_workers_affair;
use crate::unit_of_work::MemoryUnit;

#[async_trait]
impl CardRows for MemoryUnit {
    async fn insert_card_ceremony(&mut self, _: &CardCeremony) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn note_card_shown(&mut self, _: [u8; 32], _: &Shown) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn take_card_ceremony(&mut self, _: TokenHash) -> StoreResult<Option<CardCeremony>> {
        not_the_workers_affair()
    }

    async fn accounts_by_number(&mut self, _: &PortalName, _: &NationalId) -> StoreResult<Vec<Account>> {
        not_the_workers_affair()
    }

    async fn account_card(&mut self, _: &PortalName, _: &NationalId) -> StoreResult<Option<AccountCard>> {
        not_the_workers_affair()
    }

    async fn account_cards(&mut self, _: AccountId) -> StoreResult<Vec<AccountCard>> {
        not_the_workers_affair()
    }

    async fn insert_account_card(&mut self, _: &AccountCard) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn note_card_use(&mut self, _: AccountCardId, _: Timestamp) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_account_card(&mut self, _: AccountId, _: AccountCardId) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn delete_account_cards(&mut self, _: AccountId) -> StoreResult<()> {
        not_the_workers_affair()
    }
}
