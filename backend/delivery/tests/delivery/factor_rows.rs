//! No message asks for a factor.

use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::authenticator::{Authenticator, AuthenticatorId, Factors};
use portique_domain::factor_rows::FactorRows;
use portique_domain::recovery_code::RecoveryCode;
use portique_domain::store::StoreResult;

use crate::store::not_the_workers_affair;
use crate::unit_of_work::MemoryUnit;

#[async_trait]
impl FactorRows for MemoryUnit {
    async fn set_second_factor(&mut self, _: AccountId, _: bool) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn factors(&mut self, _: AccountId) -> StoreResult<Factors> {
        not_the_workers_affair()
    }

    async fn insert_authenticator(&mut self, _: &Authenticator) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn save_authenticator(&mut self, _: &Authenticator) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn delete_authenticator(&mut self, _: AccountId, _: AuthenticatorId) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn replace_recovery_codes(&mut self, _: AccountId, _: &[RecoveryCode]) -> StoreResult<()> {
        not_the_workers_affair()
    }

    async fn spend_recovery_code(
        &mut self,
        _: AccountId,
        _: &RecoveryCode,
        _: Timestamp,
    ) -> StoreResult<bool> {
        not_the_workers_affair()
    }

    async fn passkey(&mut self, _: &[u8]) -> StoreResult<Option<Authenticator>> {
        not_the_workers_affair()
    }
}
