//! What people and the agency do, one file each.

pub mod administer;
pub mod change_password;
pub mod check_password;
pub mod invite;
pub mod provision;
pub mod session;
pub mod sign_in;
pub mod sign_out;
mod tries;

use std::sync::Arc;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::keyring::Keyring;
use crate::password::PasswordHasher;
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
