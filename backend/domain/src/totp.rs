//! Codes of authenticator applications: TOTP (RFC 6238) over HOTP (RFC 4226), as every application reads them by default:
//! SHA-1, six digits, thirty seconds.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use portique_shared::types::OneTimeCode;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use crate::entropy::{Entropy, random_bytes};

/// RFC 4226 recommends 160 bits, which is what the HMAC takes in whole.
pub const SECRET_BYTES: usize = 20;

const STEP_SECONDS: i64 = 30;

/// A telephone's clock may be wrong by a step, and typing takes time: the step before and the one after are taken too.
const TOLERANCE: i64 = 1;

/// What an application and Portique both know.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(random_bytes::<SECRET_BYTES>(entropy).to_vec())
    }

    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// In base 32, for who can't read the picture and types it.
    pub fn in_letters(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// What the picture says: an address that applications know. What they take by default is left out: a shorter text is a
    /// coarser picture, which cameras read more easily.
    pub fn address(&self, issuer: &str, identifier: &str) -> String {
        format!(
            "otpauth://totp/{issuer}:{identifier}?secret={}&issuer={issuer}",
            self.in_letters(),
            issuer = escaped(issuer),
            identifier = escaped(identifier),
        )
    }

    /// The time step whose code this is, among those that `now` allows and that come after `last_step`. The code is good
    /// for that step once: whoever takes it writes the step down.
    pub fn step_of(&self, code: &OneTimeCode, now: Timestamp, last_step: i64) -> Option<i64> {
        let current = step(now);
        (current - TOLERANCE..=current + TOLERANCE)
            .filter(|step| *step > last_step)
            .fold(None, |found, step| {
                let same = bool::from(self.code(step).as_bytes().ct_eq(code.as_str().as_bytes()));
                found.or(same.then_some(step))
            })
    }

    /// The six digits of one step.
    fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[19] & 0x0f);
        let word = u32::from_be_bytes([
            digest[offset] & 0x7f,
            digest[offset + 1],
            digest[offset + 2],
            digest[offset + 3],
        ]);
        format!("{:06}", word % 1_000_000)
    }

    /// The code that an application shows at `now`: for who plays the application in tests and in the demo.
    #[cfg(any(test, feature = "test-support"))]
    pub fn code_at(&self, now: Timestamp) -> OneTimeCode {
        OneTimeCode::parse(&self.code(step(now))).expect("six digits")
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_SECONDS)
}

/// As an address takes it: RFC 3986's unreserved characters, the others by their bytes.
fn escaped(text: &str) -> String {
    let mut address = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push_str(&hex::encode_upper([byte]));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::SeededEntropy;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfcs_table() {
        let secret = Secret::from_bytes(b"12345678901234567890".to_vec());
        // RFC 6238, appendix B: the last six of its eight digits.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(at(second)).as_str(), code, "{second}");
        }
    }

    #[test]
    fn a_code_is_good_a_step_before_and_a_step_after_its_own_and_no_further() {
        let secret = Secret::generate(&SeededEntropy::new(1));
        let code = secret.code_at(at(900));
        for (second, good) in [(869, false), (870, true), (900, true), (959, true), (960, false)] {
            assert_eq!(secret.step_of(&code, at(second), 0).is_some(), good, "{second}");
        }
    }

    #[test]
    fn a_step_that_was_taken_and_those_before_it_are_not_taken_again() {
        let secret = Secret::generate(&SeededEntropy::new(1));
        let code = secret.code_at(at(900));
        assert_eq!(secret.step_of(&code, at(900), 29), Some(30));
        assert_eq!(secret.step_of(&code, at(900), 30), None);
        assert_eq!(secret.step_of(&code, at(900), 31), None);
    }

    #[test]
    fn the_address_is_one_that_applications_read() {
        let secret = Secret::from_bytes(b"12345678901234567890".to_vec());
        assert_eq!(
            secret.address("Portail de santé", "jeanne.martin@chu"),
            "otpauth://totp/Portail%20de%20sant%C3%A9:jeanne.martin%40chu?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Portail%20de%20sant%C3%A9"
        );
    }

    proptest! {
        #[test]
        fn the_code_of_now_is_always_taken_and_says_its_step(second in 0_i64..4_000_000_000, seed in 0_u64..100) {
            let secret = Secret::generate(&SeededEntropy::new(seed));
            let code = secret.code_at(at(second));
            let found = secret.step_of(&code, at(second), -1);
            // Two neighbouring steps may show the same six digits; the earlier is found then.
            prop_assert!(found.is_some_and(|found| (found - second / 30).abs() <= 1));
        }
    }
}
