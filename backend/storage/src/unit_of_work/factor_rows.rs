use async_trait::async_trait;
use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::authenticator::{Authenticator, AuthenticatorId, Factors};
use portique_domain::factor_rows::FactorRows;
use portique_domain::recovery_code::RecoveryCode;
use portique_domain::store::StoreResult;

use super::Transaction;
use crate::repositories::{accounts, authenticators, recovery_codes};

#[async_trait]
impl FactorRows for Transaction {
    async fn set_second_factor(&mut self, account: AccountId, wanted: bool) -> StoreResult<()> {
        accounts::set_second_factor(&self.0, account, wanted).await
    }

    async fn factors(&mut self, account: AccountId) -> StoreResult<Factors> {
        authenticators::factors(&self.0, account).await
    }

    async fn insert_authenticator(&mut self, authenticator: &Authenticator) -> StoreResult<()> {
        authenticators::insert(&self.0, authenticator).await
    }

    async fn save_authenticator(&mut self, authenticator: &Authenticator) -> StoreResult<()> {
        authenticators::save(&self.0, authenticator).await
    }

    async fn delete_authenticator(&mut self, account: AccountId, id: AuthenticatorId) -> StoreResult<bool> {
        authenticators::delete(&self.0, account, id).await
    }

    async fn replace_recovery_codes(
        &mut self,
        account: AccountId,
        codes: &[RecoveryCode],
    ) -> StoreResult<()> {
        recovery_codes::replace(&self.0, account, codes).await
    }

    async fn spend_recovery_code(
        &mut self,
        account: AccountId,
        code: &RecoveryCode,
        now: Timestamp,
    ) -> StoreResult<bool> {
        recovery_codes::spend(&self.0, account, code, now).await
    }

    async fn passkey(&mut self, credential: &[u8]) -> StoreResult<Option<Authenticator>> {
        authenticators::by_credential(&self.0, credential).await
    }
}
