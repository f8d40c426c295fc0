//! The short reference that a page shows and the mail carries, so that a person and the support speak of the same request.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::entropy::{Entropy, below};

/// Letters and digits that are not taken for each other: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 40 bits: enough that nobody meets another's by chance within the hour that it is good for.
const LENGTH: usize = 8;

/// Eight letters and digits, in capitals.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(
            (0..LENGTH)
                .map(|_| char::from(ALPHABET[below(entropy, 32)]))
                .collect(),
        )
    }

    /// Reads what a person copied or was told: small letters, dashes or spaces anywhere, O for 0, I or L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        let written: String = text
            .chars()
            .filter(|character| !is_between_letters(*character))
            .map(|character| match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let well_formed = written.len() == LENGTH && written.bytes().all(|byte| ALPHABET.contains(&byte));
        well_formed.then_some(Self(written))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// White space and dashes, those that a word processor makes of them included.
fn is_between_letters(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

impl fmt::Display for Reference {
    /// In two groups: `K7QM-2XPA`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(formatter, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    #[test]
    fn a_reference_is_read_back_as_it_is_told() {
        let reference = Reference::generate(&SeededEntropy::new(1));
        assert_eq!(Reference::parse(&reference.to_string()), Some(reference.clone()));
        assert_eq!(
            Reference::parse(&reference.to_string().to_lowercase()),
            Some(reference)
        );
        for written in [
            "k7qm 2xpo",
            " K7QM–2XP0\n",
            "k 7 q m — 2 x p o",
            "K7QM\u{202f}2XP0",
        ] {
            assert_eq!(Reference::parse(written).unwrap().to_string(), "K7QM-2XP0");
        }
    }

    #[test]
    fn what_is_no_reference_is_not_read() {
        for text in ["", "K7QM-2XP", "K7QM-2XPAA", "K7QM-2XU4", "ééééé"] {
            assert_eq!(Reference::parse(text), None, "{text}");
        }
    }
}
