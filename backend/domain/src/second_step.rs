//! Between the password and the session: a sign-in that waits for a one-time code.

mod methods;

use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use portique_shared::api::second_step::Destination;
use portique_shared::types::{CODE_DIGITS, OneTimeCode};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::account::{Account, AccountId};
use crate::entropy::{Entropy, below};
use crate::keyring::Keyring;
use crate::password::PasswordHash;
use crate::portal::PortalName;
use crate::reference::Reference;
use crate::session::TokenHash;
use crate::token::cookie_token;

pub use self::methods::{Methods, destinations, is_asked, is_required, remembered_for, takes_sms};

/// How long a person has for the second step, codes sent again included.
pub const STEP_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// How long a code is good. ASVS 6.5.5 allows ten minutes.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// From one code to the next of the same sign-in.
pub const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Wrong codes after which the one that was sent is good for nothing.
pub const TRIES: u32 = 5;

/// What the keyring's keys are used for here.
const PURPOSE: &str = "one-time codes";

cookie_token!(
    /// 256 random bits, in hexadecimal: the cookie's value while the second step is due. It opens nothing else, and only its
    /// hash is stored.
    StepToken
);

/// A sign-in whose password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingSignIn {
    pub token: TokenHash,
    pub account: AccountId,
    pub portal: PortalName,
    pub verified: Verified,
    pub expires_at: Timestamp,
    /// The session in which the person, signed in already, proves anew who they are; `None` at a sign-in.
    pub proof_of: Option<TokenHash>,
    /// The code that was sent last.
    pub sent: Option<SentCode>,
}

/// What was verified before the second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The hash that the password was verified against: with another one in the account, the sign-in is void.
    Password(PasswordHash),
    /// A professional's card: the account may have no password, and a provisional one is not asked to be changed.
    Card,
}

/// A code that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// [`seal`] of it.
    pub seal: CodeSeal,
    pub to: Destination,
    pub reference: Reference,
    pub sent_at: Timestamp,
    pub expires_at: Timestamp,
    /// Codes typed so far that were not it.
    pub wrong: u32,
}

/// HMAC-SHA256 of a code and of the sign-in that it is bound to, under a key of the installation: a million codes are tried
/// in a moment by whoever has the database alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeSeal(pub [u8; 32]);

impl PendingSignIn {
    pub fn start(token: &StepToken, account: &Account, verified: Verified, now: Timestamp) -> Self {
        Self {
            token: token.hash(),
            account: account.id,
            portal: account.portal.clone(),
            verified,
            expires_at: now + STEP_LIFETIME,
            proof_of: None,
            sent: None,
        }
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

impl SentCode {
    /// Whether it can still be typed.
    pub fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at && self.wrong < TRIES
    }

    /// For how long it can still be typed; zero when its time or its tries are over.
    pub fn good_for(&self, now: Timestamp) -> SignedDuration {
        if self.is_good(now) {
            self.expires_at.duration_since(now)
        } else {
            SignedDuration::ZERO
        }
    }

    /// Until another can be sent; zero when it can.
    pub fn resend_after(&self, now: Timestamp) -> SignedDuration {
        (self.sent_at + RESEND_AFTER)
            .duration_since(now)
            .max(SignedDuration::ZERO)
    }
}

/// A code that nobody can foresee.
pub fn generate_code(entropy: &dyn Entropy) -> OneTimeCode {
    let digits: String = (0..CODE_DIGITS)
        .map(|_| char::from_digit(u32::try_from(below(entropy, 10)).unwrap_or_default(), 10).unwrap_or('0'))
        .collect();
    OneTimeCode::parse(&digits).expect("six digits")
}

/// What is stored of a code that was sent for the sign-in `token`.
pub fn seal(keyring: &Keyring, token: TokenHash, code: &OneTimeCode) -> CodeSeal {
    seals(keyring, token, code)
        .next()
        .expect("a keyring has a key at least")
}

/// Whether `code` is the one that `sealed` was made of, whichever key it was made under.
pub fn is_sealed_in(keyring: &Keyring, token: TokenHash, code: &OneTimeCode, sealed: CodeSeal) -> bool {
    seals(keyring, token, code).fold(false, |found, made| found | bool::from(made.0.ct_eq(&sealed.0)))
}

fn seals(keyring: &Keyring, token: TokenHash, code: &OneTimeCode) -> impl Iterator<Item = CodeSeal> {
    keyring.derive_each(PURPOSE).map(move |key| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(&token.0);
        mac.update(code.as_str().as_bytes());
        CodeSeal(mac.finalize().into_bytes().into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::keyring::Key;

    use crate::testing::SeededEntropy;

    fn ring(keys: &[u8]) -> Keyring {
        Keyring::new(keys.iter().map(|id| Key::new(*id, [*id; 32])).collect()).unwrap()
    }

    #[test]
    fn codes_are_six_digits_and_every_digit_comes_in_every_place() {
        let entropy = SeededEntropy::new(1);
        let mut seen = [[false; 10]; CODE_DIGITS];
        for _ in 0..500 {
            let code = generate_code(&entropy);
            for (place, digit) in code.as_str().bytes().enumerate() {
                seen[place][usize::from(digit - b'0')] = true;
            }
        }
        assert!(seen.iter().flatten().all(|seen| *seen));
    }

    #[test]
    fn a_code_is_good_for_its_sign_in_alone() {
        let (ring, code) = (ring(&[1]), OneTimeCode::parse("012345").unwrap());
        let (mine, other) = (TokenHash([1; 32]), TokenHash([2; 32]));
        let sealed = seal(&ring, mine, &code);
        assert!(is_sealed_in(&ring, mine, &code, sealed));
        assert!(!is_sealed_in(&ring, other, &code, sealed));
        let wrong = OneTimeCode::parse("012346").unwrap();
        assert!(!is_sealed_in(&ring, mine, &wrong, sealed));
    }

    #[test]
    fn a_code_sent_before_a_keys_rotation_is_still_good() {
        let code = OneTimeCode::parse("012345").unwrap();
        let token = TokenHash([1; 32]);
        let sealed = seal(&ring(&[1]), token, &code);
        assert!(is_sealed_in(&ring(&[2, 1]), token, &code, sealed));
        assert!(!is_sealed_in(&ring(&[2]), token, &code, sealed));
    }
}
