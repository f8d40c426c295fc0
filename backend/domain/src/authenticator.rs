//! What a person keeps to prove who they are a second time, beside the addresses that codes are sent to.

use jiff::Timestamp;
use uuid::Uuid;

use crate::account::AccountId;
use crate::keyring::{CannotOpen, Keyring};
use crate::recovery_code::RecoveryCode;

/// More would only be forgotten ones.
pub const MOST_AUTHENTICATORS: usize = 10;

/// A name given by the person, in characters.
pub const MOST_NAME_CHARACTERS: usize = 60;

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AuthenticatorId(pub Uuid);

/// One authenticator of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticator {
    pub id: AuthenticatorId,
    pub account: AccountId,
    /// The person's own: «Téléphone», «Clé du bureau».
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub means: Means,
}

/// How an authenticator proves itself.
#[derive(Clone, PartialEq, Eq)]
pub enum Means {
    /// An application that shows codes (TOTP).
    App {
        /// [`seal_secret`] of the secret that it shares with us.
        sealed: Vec<u8>,
        /// The time step of the code that was taken last: neither it nor an older one is taken again.
        last_step: i64,
    },
    /// A passkey (WebAuthn).
    Passkey {
        /// Its credential's id, unique in the installation.
        credential: Vec<u8>,
        /// What verifying it needs: its public key, and what it said of itself last.
        state: Vec<u8>,
    },
}

impl core::fmt::Debug for Means {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(self.word())
    }
}

impl Means {
    /// The factor's name in the audit trail and in the database.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::App { .. } => "app",
            Self::Passkey { .. } => "passkey",
        }
    }

    pub const fn is_app(&self) -> bool {
        matches!(self, Self::App { .. })
    }

    pub const fn is_passkey(&self) -> bool {
        matches!(self, Self::Passkey { .. })
    }
}

/// All that an account holds of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// The oldest first.
    pub authenticators: Vec<Authenticator>,
    /// By their place; used ones included.
    pub recovery_codes: Vec<RecoveryCode>,
}

impl Factors {
    pub fn has_app(&self) -> bool {
        self.authenticators.iter().any(|held| held.means.is_app())
    }

    pub fn has_passkey(&self) -> bool {
        self.authenticators.iter().any(|held| held.means.is_passkey())
    }

    /// How many recovery codes are good.
    pub fn recovery_codes_left(&self) -> usize {
        let unused = |code: &&RecoveryCode| code.used_at.is_none();
        self.recovery_codes.iter().filter(unused).count()
    }
}

/// The name as it is kept: without white space around it; `None` when nothing is left, it is too long, or holds what can't be shown.
pub fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let count = text.chars().count();
    let shown = (1..=MOST_NAME_CHARACTERS).contains(&count) && !text.chars().any(char::is_control);
    shown.then(|| text.to_owned())
}

/// An application's secret as the database keeps it: for this authenticator alone.
pub fn seal_secret(
    keyring: &Keyring,
    id: AuthenticatorId,
    secret: &[u8],
    entropy: &dyn crate::entropy::Entropy,
) -> Vec<u8> {
    keyring.seal(&purpose(id), secret, entropy)
}

pub fn open_secret(keyring: &Keyring, id: AuthenticatorId, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
    keyring.open(&purpose(id), sealed)
}

fn purpose(id: AuthenticatorId) -> String {
    format!("authenticator:{}", id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_a_person_can_read_in_a_list() {
        assert_eq!(name("  Mon téléphone "), Some("Mon téléphone".to_owned()));
        assert_eq!(name(&"é".repeat(60)), Some("é".repeat(60)));
        for text in ["", "   ", "a\u{7}b", &"é".repeat(61)] {
            assert_eq!(name(text), None, "{text:?}");
        }
    }
}
