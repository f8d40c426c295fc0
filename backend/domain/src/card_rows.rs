//! The port to cards' ceremonies and to the cards that people attached: within a transaction, beside
//! [`crate::store::UnitOfWork`].

use async_trait::async_trait;
use jiff::Timestamp;
use portique_shared::types::NationalId;

use crate::account::{Account, AccountId};
use crate::card_ceremony::{AccountCard, AccountCardId, CardCeremony, Shown};
use crate::portal::PortalName;
use crate::session::TokenHash;
use crate::store::StoreResult;

#[async_trait]
pub trait CardRows: Send {
    async fn insert_card_ceremony(&mut self, ceremony: &CardCeremony) -> StoreResult<()>;

    /// Writes down what was shown. `false` when something was already, or the ceremony is gone: of any number at one instant, one
    /// is written.
    async fn note_card_shown(&mut self, key: [u8; 32], shown: &Shown) -> StoreResult<bool>;

    /// Takes the ceremony with that answer away and gives it, whatever it was for: of any number at one instant, one gets it.
    async fn take_card_ceremony(&mut self, answer: TokenHash) -> StoreResult<Option<CardCeremony>>;

    /// The accounts whose record bears that number, the oldest first: more than one where the agency's files have a person twice.
    async fn accounts_by_number(
        &mut self,
        portal: &PortalName,
        number: &NationalId,
    ) -> StoreResult<Vec<Account>>;

    /// The card of that number that somebody attached.
    async fn account_card(
        &mut self,
        portal: &PortalName,
        number: &NationalId,
    ) -> StoreResult<Option<AccountCard>>;

    /// As [`Store::account_cards`](crate::store::Store::account_cards). Nobody else changes them while the account is locked.
    async fn account_cards(&mut self, account: AccountId) -> StoreResult<Vec<AccountCard>>;

    /// [`StoreError::Conflict`](crate::store::StoreError::Conflict) when an account of the portal has that number already.
    async fn insert_account_card(&mut self, card: &AccountCard) -> StoreResult<()>;

    async fn note_card_use(&mut self, id: AccountCardId, at: Timestamp) -> StoreResult<()>;

    /// `false` when the account has no such.
    async fn delete_account_card(&mut self, account: AccountId, id: AccountCardId) -> StoreResult<bool>;

    /// Takes all of an account's cards away.
    async fn delete_account_cards(&mut self, account: AccountId) -> StoreResult<()>;
}
