//! What a password must not be, whatever its characters: common, made of the portal's words, or of the person's own.

use std::sync::LazyLock;

use portique_shared::api::account::BlocklistReason;
use zxcvbn::Score;

use super::Password;
use super::estimator::{ESTIMATED_CHARS, estimate};
use crate::account::Record;
use crate::folding::fold;

/// Words shorter than this are found by chance in good passwords.
const SHORTEST_WORD: usize = 4;

/// Characters that may surround a word without making a password of it («Martin2026!» is still «martin»).
const DECORATION_ALLOWED: usize = 6;

/// What French speakers choose first, which the estimator's lists, drawn from English, don't hold.
static FRENCH: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("common_in_french.txt").lines().collect());

/// What is known of the person, folded.
#[derive(Clone, Debug, Default)]
pub struct PersonalWords(Vec<String>);

impl PersonalWords {
    pub fn of(record: &Record) -> Self {
        let emails = [Some(&record.email), record.rescue_email.as_ref()];
        let sources = [
            record.identifier.as_str(),
            &record.given_name,
            &record.family_name,
        ]
        .into_iter()
        .chain(
            emails
                .into_iter()
                .flatten()
                .map(portique_shared::types::EmailAddress::local_part),
        );
        Self(words(sources))
    }
}

/// Why `password` is refused, if it is, on a portal whose own words are `portal_words`. The entire password counts: a long sentence may hold a name.
pub fn refusal(
    password: &Password,
    portal_words: &[String],
    person: &PersonalWords,
) -> Option<BlocklistReason> {
    let folded = plain(password.as_str());
    if is_made_of(&folded, &person.0) {
        return Some(BlocklistReason::Personal);
    }
    let portal_words = words(portal_words.iter().map(String::as_str));
    if is_made_of(&folded, &portal_words) {
        return Some(BlocklistReason::PortalWords);
    }
    is_common(password.as_str()).then_some(BlocklistReason::Common)
}

/// Estimated strength, 0 (guessed at once) to 4 (very hard to guess).
pub fn strength(password: &Password, portal_words: &[String], person: &PersonalWords) -> u8 {
    let known: Vec<&str> = portal_words
        .iter()
        .map(String::as_str)
        .chain(person.0.iter().map(String::as_str))
        .collect();
    estimate(password.as_str(), &known).score().into()
}

/// Among the first million that a guesser tries: the most used passwords and their plain variants (capitals, `@` for
/// `a`, reversed), runs of keys, repeats, dates. By the number of guesses, which is one for one password; the
/// estimator's words about it are not, where two readings of a password are as good.
fn is_common(password: &str) -> bool {
    if is_one_run(password) {
        return true;
    }
    // Only the head is estimated: what follows it may well be what makes the password.
    password.chars().count() <= ESTIMATED_CHARS && estimate(password, &FRENCH).score() <= Score::One
}

/// One character repeated, or a run up or down the alphabet, digits or keyboard's first row.
fn is_one_run(password: &str) -> bool {
    let codes: Vec<i64> = password
        .chars()
        .map(|character| i64::from(u32::from(character)))
        .collect();
    let steps: std::collections::BTreeSet<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    codes.len() > 2 && steps.len() == 1 && steps.iter().all(|step| (-1..=1).contains(step))
}

/// Whether taking the known words out of a password leaves nothing but decoration.
fn is_made_of(folded: &str, known: &[String]) -> bool {
    let mut rest = folded.to_owned();
    for word in known {
        rest = rest.replace(word.as_str(), "");
    }
    rest.len() < folded.len() && rest.chars().count() <= DECORATION_ALLOWED
}

/// The words of some texts, folded, whole and in parts, the longest first so that a part doesn't hide the whole.
fn words<'a>(sources: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = sources
        .into_iter()
        .flat_map(|source| {
            let parts = source
                .split(|character: char| !character.is_alphanumeric())
                .map(plain);
            std::iter::once(plain(source)).chain(parts).collect::<Vec<_>>()
        })
        .filter(|word| word.chars().count() >= SHORTEST_WORD)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// Folded, with what is written for letters read as letters, and letters and digits only: «M@rt1n.» and «martin» are one.
fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .map(|character| match character {
            '@' | '4' => 'a',
            '3' | '€' => 'e',
            '1' | '!' => 'i',
            '0' => 'o',
            '5' | '$' => 's',
            other => other,
        })
        .filter(|character| character.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn refused(password: &str) -> Option<BlocklistReason> {
        let person = PersonalWords::of(&testing::record("jeanne.lefevre"));
        refusal(
            &Password::new(password),
            &testing::portal("paca").context_words,
            &person,
        )
    }

    #[test]
    fn the_most_used_passwords_are_refused_with_their_plain_variants() {
        for password in [
            "password",
            "Password",
            "P@ssw0rd",
            "azertyuiop",
            "123456789",
            "qwertyuiop",
            "iloveyou",
            "drowssap",
            "aaaaaaaaaaaaaaaa",
            "abcdefghijklmnop",
            "123456789012345",
            "azertyazertyazerty",
            "Motdepasse1!",
        ] {
            assert_eq!(refused(password), Some(BlocklistReason::Common), "{password}");
        }
        assert_eq!(
            refused(&"a".repeat(128)),
            Some(BlocklistReason::Common),
            "however long"
        );
    }

    #[test]
    fn the_same_password_is_refused_each_time() {
        // Two readings of it are as easy to guess, and the estimator doesn't always find the same one first.
        for _ in 0..50 {
            assert_eq!(refused("123456789012345"), Some(BlocklistReason::Common));
        }
    }

    #[test]
    fn a_password_made_of_the_persons_own_words_is_refused() {
        for password in [
            "jeanne.lefevre",
            "Lefèvre#2026",
            "LEFEVRE2026!",
            "JeanneLefevre1!",
            "L3f3vr3-2026",
        ] {
            assert_eq!(refused(password), Some(BlocklistReason::Personal), "{password}");
        }
    }

    #[test]
    fn a_password_made_of_the_portals_words_is_refused() {
        assert_eq!(refused("Portail#2026"), Some(BlocklistReason::PortalWords));
        assert_eq!(refused("SantePaca#2026"), Some(BlocklistReason::PortalWords));
    }

    #[test]
    fn a_long_password_may_hold_a_known_word() {
        assert_eq!(refused("les girafes de Jeanne boivent du thé"), None);
        assert_eq!(refused("Portique#2026"), None);
    }

    #[test]
    fn a_sentence_is_stronger_than_a_word() {
        let (portal, person) = (testing::portal("paca"), PersonalWords::default());
        let word = strength(&Password::new("soleil12"), &portal.context_words, &person);
        let sentence = strength(
            &Password::new("girafe turquoise sous la pluie"),
            &portal.context_words,
            &person,
        );
        assert!(word < sentence, "{word} {sentence}");
    }
}
