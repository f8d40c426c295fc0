//! No import touches a factor.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::authenticator::{Authenticator, AuthenticatorId, Factors};
use portique_domain::factor_rows::FactorRows;
use portique_domain::recovery_code::RecoveryCode;
use portique_domain::store::StoreResult;

use super::{Transaction, not_for_an_import};

#[async_trait]
impl FactorRows for Transaction {
    async fn set_second_factor(&mut self, _: AccountId, _: bool) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn factors(&mut self, _: AccountId) -> StoreResult<Factors> {
        not_for_an_import()
    }

    async fn insert_authenticator(&mut self, _: &Authenticator) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn save_authenticator(&mut self, _: &Authenticator) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn delete_authenticator(&mut self, _: AccountId, _: AuthenticatorId) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn replace_recovery_codes(&mut self, _: AccountId, _: &[RecoveryCode]) -> StoreResult<()> {
        not_for_an_import()
    }

    async fn spend_recovery_code(
        &mut self,
        _: AccountId,
        _: &RecoveryCode,
        _: Timestamp,
    ) -> StoreResult<bool> {
        not_for_an_import()
    }

    async fn passkey(&mut self, _: &[u8]) -> StoreResult<Option<Authenticator>> {
        not_for_an_import()
    }
}
