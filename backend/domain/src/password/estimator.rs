//! The strength estimator, kept to a bounded cost.
//!
//! zxcvbn reads each password under every combination of the letters that its signs may stand for («4» and «@» for «a»…):
//! 64 characters with all of those signs are thousands of readings, half a second of processor for one keystroke.

use zxcvbn::Entropy;

/// The estimator's time grows faster than the text; what it says of the first characters is enough for a meter.
pub(super) const ESTIMATED_CHARS: usize = 64;

/// Readings beyond which signs are no longer taken for letters. All ten digits together are 32.
const MOST_READINGS: usize = 64;

/// Which signs the estimator reads as which letter.
const READ_AS: [(char, &str); 12] = [
    ('a', "4@"),
    ('b', "8"),
    ('c', "({[<"),
    ('e', "3"),
    ('g', "69"),
    ('i', "1!|"),
    ('l', "1|7"),
    ('o', "0"),
    ('s', "$5"),
    ('t', "+7"),
    ('x', "%"),
    ('z', "2"),
];

/// Signs read as letters, and signs that are not, one for one.
const INSTEAD: [(char, char); 10] = [
    ('@', '#'),
    ('(', ')'),
    ('{', '}'),
    ('[', ']'),
    ('<', '>'),
    ('!', '?'),
    ('|', '/'),
    ('$', '&'),
    ('+', '-'),
    ('%', '*'),
];

/// What zxcvbn thinks of the first [`ESTIMATED_CHARS`] characters, by someone who knows the words of `known`.
pub(super) fn estimate(password: &str, known: &[&str]) -> Entropy {
    zxcvbn::zxcvbn(&readable(password), known)
}

/// The text's head with no more than [`MOST_READINGS`] readings: each sign that would add more is replaced, everywhere,
/// by another that is read as itself. The text keeps its length and its pattern, and real words keep their few signs.
fn readable(password: &str) -> String {
    let head: Vec<char> = password.chars().take(ESTIMATED_CHARS).collect();
    // Digits stay: years and runs are made of them.
    let mut kept: Vec<char> = head.iter().copied().filter(char::is_ascii_digit).collect();
    for character in &head {
        if !kept.contains(character) {
            kept.push(*character);
            if readings(&kept) > MOST_READINGS {
                kept.pop();
            }
        }
    }
    let plain = |sign: char| {
        let other = INSTEAD.iter().find(|(read_as_letter, _)| *read_as_letter == sign);
        other.map_or(sign, |(_, other)| *other)
    };
    head.into_iter()
        .map(|character| {
            if kept.contains(&character) {
                character
            } else {
                plain(character)
            }
        })
        .collect()
}

/// At least as many readings as the estimator tries for a text with these characters.
fn readings(present: &[char]) -> usize {
    // A sign that stands for two letters doubles the readings at the second one.
    let weight = |sign: char| if "1|7".contains(sign) { 2 } else { 1 };
    READ_AS
        .iter()
        .map(|(_, signs)| {
            let ways: usize = signs
                .chars()
                .filter(|sign| present.contains(sign))
                .map(weight)
                .sum();
            ways.max(1)
        })
        .product()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signs_of_an_ordinary_password_are_all_read() {
        for password in ["P@$$w0rd!", "0123456789", "19/08/1976 azerty", "M0n+M0t|de|P@sse"] {
            assert_eq!(readable(password), password);
        }
    }

    #[test]
    fn a_text_made_of_signs_is_read_in_few_ways_and_keeps_its_length() {
        let every_sign = "4@8({[<369!1|0$57+%2";
        assert!(readings(&every_sign.chars().collect::<Vec<_>>()) > MOST_READINGS);
        let text = readable(&every_sign.repeat(4));
        assert!(
            readings(&text.chars().collect::<Vec<_>>()) <= MOST_READINGS,
            "{text}"
        );
        assert_eq!(text.chars().count(), ESTIMATED_CHARS);
    }

    #[test]
    fn what_makes_the_estimators_figures_overflow_is_estimated() {
        // Neighbours on the keyboard, with more turns than 64 bits count.
        for password in [
            "o0".repeat(32),
            "1|!".repeat(21),
            "4@8({[<369!1|0$57+%2".repeat(3),
        ] {
            estimate(&password, &[]);
        }
    }
}
