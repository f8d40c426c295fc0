//! Comparing identifiers without case or accents being a trap.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form under which texts are compared: «Hélène.LEFÈVRE», «helene.lefevre» and «HELENE.LEFEVRE» are one.
///
/// Compatibility decomposition, marks dropped, lower case, ligatures opened, white space at the ends dropped.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Lower case on both sides of the decomposition: some capitals decompose into capitals, some decompositions
    // (mathematical alphabets) yield capitals.
    for character in text
        .to_lowercase()
        .nfkd()
        .filter(|character| !is_combining_mark(*character))
    {
        for lower in character.to_lowercase() {
            match lower {
                'œ' => folded.push_str("oe"),
                'æ' => folded.push_str("ae"),
                'ß' => folded.push_str("ss"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' => folded.push('d'),
                // Turkish: the dotless ı is typed with the same key as i.
                'ı' => folded.push('i'),
                // PostgreSQL's texts can't hold it: looking it up would be an error, not an unknown identifier.
                '\0' => folded.push(char::REPLACEMENT_CHARACTER),
                other => folded.push(other),
            }
        }
    }
    folded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_accents_do_not_tell_identifiers_apart() {
        for written in [
            "helene.lefevre",
            "Hélène.LEFÈVRE",
            "HE\u{301}LE\u{300}NE.LEFEVRE",
            " hélène.lefèvre ",
        ] {
            assert_eq!(fold(written), "helene.lefevre", "{written}");
        }
        assert_eq!(fold("Cœur"), fold("COEUR"));
    }

    #[test]
    fn a_folded_text_is_one_that_every_database_holds() {
        assert_eq!(fold("jea\0nne"), "jea\u{fffd}nne");
    }

    #[test]
    fn different_letters_stay_different() {
        assert_ne!(fold("j.martin"), fold("jmartin"));
    }

    proptest! {
        #[test]
        fn folding_a_folded_text_changes_nothing(text in "\\PC{0,30}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
