//! What people and the agency do, one file each.

pub mod administer;
pub mod applications;
pub mod ask;
pub mod browsers;
pub mod captcha;
pub mod card;
pub mod change_password;
pub mod check_password;
pub mod invite;
pub mod links;
pub mod look_up;
pub mod passkey_sign_in;
pub mod proof;
pub mod prove;
pub mod prove_address;
pub mod provision;
pub mod reset_password;
pub mod second_step;
pub mod security;
pub mod session;
pub mod sessions;
pub mod sign_in;
pub mod sign_out;
pub mod trace;
mod tries;

use std::sync::Arc;

use jiff::Timestamp;

use crate::account::AccountId;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::keyring::Keyring;
use crate::outbox::{Message, QueuedMessage};
use crate::password::PasswordHasher;
use crate::portal::PortalName;
use crate::store::Store;

/// What every use case works with. Cloning shares it.
#[derive(Clone)]
pub struct Tools {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub hasher: PasswordHasher,
    pub keyring: Keyring,
}

impl Tools {
    /// A message to be queued, due now.
    fn message(
        &self,
        message: &Message,
        portal: &PortalName,
        account: Option<AccountId>,
        now: Timestamp,
    ) -> QueuedMessage {
        QueuedMessage::new(
            message,
            portal,
            account,
            &self.keyring,
            self.entropy.as_ref(),
            now,
        )
    }
}
