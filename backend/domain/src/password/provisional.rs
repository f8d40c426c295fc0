//! Provisional passwords: made here, sent once, good for nothing but choosing one's own.

use super::Password;
use crate::entropy::{Entropy, below};

/// Letters and digits that no font makes one take for another: no 0/O, 1/l/I, 5/S, 2/Z, 8/B.
const UPPER: &[u8] = b"ACDEFGHJKLMNPQRTUVWXY";
const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
const DIGITS: &[u8] = b"34679";
const GROUPS: usize = 3;

/// A provisional password such as `Kdfh4-Rmwp7-Ctgx9`: three groups of a capital, three small letters and a digit.
///
/// Each group is worth 20.5 bits or more (21 × 24³ × 5), so 61 bits in all: beyond guessing in the days that it lives, under the limits
/// on tries, and it meets every preset's rules (upper, lower, digit, special) while it can still be read out and typed.
pub fn generate(entropy: &dyn Entropy) -> Password {
    let pick = |from: &[u8]| char::from(from[below(entropy, u16::try_from(from.len()).unwrap_or(1))]);
    let groups: Vec<String> = (0..GROUPS)
        .map(|_| {
            [UPPER, LOWER, LOWER, LOWER, DIGITS]
                .into_iter()
                .map(pick)
                .collect()
        })
        .collect();
    Password::new(&groups.join("-"))
}

#[cfg(test)]
mod tests {
    use portique_shared::policy::PasswordPolicy;

    use super::*;

    struct Counter(std::sync::atomic::AtomicU8);

    impl Entropy for Counter {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(37, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_provisional_password_meets_the_rules_of_every_preset() {
        let policy = PasswordPolicy {
            min_length: 15,
            min_letters: 1,
            min_upper_case: 1,
            min_lower_case: 1,
            min_digits: 1,
            min_special: 1,
            special_examples: String::new(),
            show_strength: false,
        };
        let entropy = Counter(0.into());
        for _ in 0..200 {
            let password = generate(&entropy);
            assert_eq!(policy.unmet(password.as_str()), [], "{}", password.as_str());
        }
    }
}
