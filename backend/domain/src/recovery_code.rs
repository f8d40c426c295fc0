//! Recovery codes: ten, printed or kept in a safe place, each good once, for who lost every other authenticator.

use jiff::Timestamp;

use crate::entropy::{Entropy, random_bytes};
use crate::password::{Password, PasswordHash};

/// How many are made at a time.
pub const RECOVERY_CODES: u8 = 10;

/// Crockford's base 32: no letter that is read for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 13 characters of 5 bits: 65, of which the standard asks for 64.
const RANDOM_CHARACTERS: usize = 13;

/// A code as it is shown once: its place among the ten, then what nobody foresees. The place is written in it so that one hash
/// tells whether it is right, not ten.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCodeText {
    slot: u8,
    characters: String,
}

/// A code as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCode {
    /// 0 to 9.
    pub slot: u8,
    pub hash: PasswordHash,
    pub made_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

impl RecoveryCodeText {
    pub fn generate(slot: u8, entropy: &dyn Entropy) -> Self {
        let characters = random_bytes::<RANDOM_CHARACTERS>(entropy)
            .into_iter()
            // 256 is 8 times 32: every character is as likely as another.
            .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
            .collect();
        Self { slot, characters }
    }

    /// Reads what a person types: in any case, with or without what stands between the groups, and with the letters that
    /// Crockford's base 32 takes for digits.
    pub fn parse(text: &str) -> Option<Self> {
        let characters: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '–' | '.'))
            .map(|character| match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let slot = u8::try_from(characters.chars().next()?.to_digit(10)?).ok()?;
        let rest = &characters[1..];
        let known = rest.len() == RANDOM_CHARACTERS && rest.bytes().all(|byte| ALPHABET.contains(&byte));
        (known && slot < RECOVERY_CODES).then(|| Self {
            slot,
            characters: rest.to_owned(),
        })
    }

    pub fn slot(&self) -> u8 {
        self.slot
    }

    /// What is hashed: with 65 bits a code is a password, and is kept as one.
    pub fn secret(&self) -> Password {
        Password::new(&self.characters)
    }

    /// `4K7QF-9XM2D-PTWH`.
    pub fn shown(&self) -> String {
        let (first, rest) = self.characters.split_at(4);
        let (second, third) = rest.split_at(5);
        format!("{}{first}-{second}-{third}", self.slot)
    }
}

impl core::fmt::Debug for RecoveryCodeText {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("RecoveryCodeText(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCodeText::generate(4, &SeededEntropy::new(1));
        let shown = code.shown();
        assert_eq!(shown.len(), 16);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('0', "o").replace('1', "l"),
            format!("  {} ", shown.replace('-', "")),
        ] {
            assert_eq!(RecoveryCodeText::parse(&typed).as_ref(), Some(&code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_read() {
        for text in [
            "",
            "4",
            "4K7QF-9XM2D-PTW",
            "4K7QF-9XM2D-PTWHH",
            "XK7QF-9XM2D-PTWH",
            "4U7QF-9XM2D-PTWH",
            "é",
        ] {
            assert_eq!(RecoveryCodeText::parse(text), None, "{text}");
        }
    }

    #[test]
    fn no_two_codes_are_the_same() {
        let entropy = SeededEntropy::new(1);
        let all: std::collections::BTreeSet<_> = (0..1_000)
            .map(|_| RecoveryCodeText::generate(0, &entropy).shown())
            .collect();
        assert_eq!(all.len(), 1_000);
    }
}
