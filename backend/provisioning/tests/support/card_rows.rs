//! No import touches a card.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId};
use portique_domain::card_ceremony::{AccountCard, AccountCardId, CardCeremony, Shown};
use portique_domain::card_rows::CardRows;
use portique_domain::portal::PortalName;
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use portique_shared::types::NationalId;

use super::{Transaction, not_for_an_import};

#[async_trait]
impl CardRows for Transaction {
    async fn insert_card_ceremony(&mut self, _: &CardCeremony) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn note_card_shown(&mut self, _: [u8; 32], _: &Shown) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn take_card_ceremony(&mut self, _: TokenHash) -> StoreResult<Option<CardCeremony>> {
        not_for_an_import()
    }

    async fn accounts_by_number(&mut self, _: &PortalName, _: &NationalId) -> StoreResult<Vec<Account>> {
        not_for_an_import()
    }

    async fn account_card(&mut self, _: &PortalName, _: &NationalId) -> StoreResult<Option<AccountCard>> {
        not_for_an_import()
    }

    async fn account_cards(&mut self, _: AccountId) -> StoreResult<Vec<AccountCard>> {
        not_for_an_import()
    }

    async fn insert_account_card(&mut self, _: &AccountCard) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn note_card_use(&mut self, _: AccountCardId, _: Timestamp) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn delete_account_card(&mut self, _: AccountId, _: AccountCardId) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn delete_account_cards(&mut self, _: AccountId) -> StoreResult<()> {
        not_for_an_import()
    }
}
