use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::{Account, AccountId};
use portique_domain::card_ceremony::{AccountCard, AccountCardId, CardCeremony, Shown};
use portique_domain::card_rows::CardRows;
use portique_domain::portal::PortalName;
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use portique_shared::types::NationalId;

use super::Transaction;
use crate::repositories::{account_cards, accounts, card_ceremonies};

#[async_trait]
impl CardRows for Transaction {
    async fn insert_card_ceremony(&mut self, ceremony: &CardCeremony) -> StoreResult<()> {
        card_ceremonies::insert(&self.0, ceremony).await
    }

    async fn note_card_shown(&mut self, key: [u8; 32], shown: &Shown) -> StoreResult<bool> {
        card_ceremonies::note_shown(&self.0, key, shown).await
    }

    async fn take_card_ceremony(&mut self, answer: TokenHash) -> StoreResult<Option<CardCeremony>> {
        card_ceremonies::take(&self.0, answer).await
    }

    async fn accounts_by_number(
        &mut self,
        portal: &PortalName,
        number: &NationalId,
    ) -> StoreResult<Vec<Account>> {
        accounts::by_number(&self.0, portal, number).await
    }

    async fn account_card(
        &mut self,
        portal: &PortalName,
        number: &NationalId,
    ) -> StoreResult<Option<AccountCard>> {
        account_cards::by_number(&self.0, portal, number).await
    }

    async fn account_cards(&mut self, account: AccountId) -> StoreResult<Vec<AccountCard>> {
        account_cards::of(&self.0, account).await
    }

    async fn insert_account_card(&mut self, card: &AccountCard) -> StoreResult<()> {
        account_cards::insert(&self.0, card).await
    }

    async fn note_card_use(&mut self, id: AccountCardId, at: Timestamp) -> StoreResult<()> {
        account_cards::note_use(&self.0, id, at).await
    }

    async fn delete_account_card(&mut self, account: AccountId, id: AccountCardId) -> StoreResult<bool> {
        account_cards::delete(&self.0, account, id).await
    }

    async fn delete_account_cards(&mut self, account: AccountId) -> StoreResult<()> {
        account_cards::delete_of(&self.0, account).await
    }
}
