//! The port to what people hold to prove themselves a second time: within a transaction, beside [`crate::store::UnitOfWork`].

use async_trait::async_trait;
use jiff::Timestamp;

use crate::account::AccountId;
use crate::authenticator::{Authenticator, AuthenticatorId, Factors};
use crate::recovery_code::RecoveryCode;
use crate::store::StoreResult;

/// Authenticators, recovery codes, and whether a second factor is wished for.
#[async_trait]
pub trait FactorRows: Send {
    /// Whether the person wants to be asked for a second factor at every sign-in.
    async fn set_second_factor(&mut self, account: AccountId, wanted: bool) -> StoreResult<()>;

    /// What the account holds to prove itself a second time. Nobody else changes it while the account is locked.
    async fn factors(&mut self, account: AccountId) -> StoreResult<Factors>;

    /// [`StoreError::Conflict`](crate::store::StoreError::Conflict) when there is one with this id, or with this passkey's credential.
    async fn insert_authenticator(&mut self, authenticator: &Authenticator) -> StoreResult<()>;

    /// Writes down its last use and what it is verified by; its name and its kind stay.
    async fn save_authenticator(&mut self, authenticator: &Authenticator) -> StoreResult<()>;

    /// `false` when the account has no such.
    async fn delete_authenticator(&mut self, account: AccountId, id: AuthenticatorId) -> StoreResult<bool>;

    /// Puts these codes in the place of all that the account had.
    async fn replace_recovery_codes(&mut self, account: AccountId, codes: &[RecoveryCode])
    -> StoreResult<()>;

    /// Uses a code that is good and still the one with this hash; `false` when it is not: of any number at one instant, one uses it.
    async fn spend_recovery_code(
        &mut self,
        account: AccountId,
        code: &RecoveryCode,
        now: Timestamp,
    ) -> StoreResult<bool>;

    /// The authenticator whose passkey has this credential, on whichever portal.
    async fn passkey(&mut self, credential: &[u8]) -> StoreResult<Option<Authenticator>>;
}
