//! Comparing people's names as the agency's file and the national directory write them.

use portique_domain::folding::fold;

/// Letters and digits alone, without case or accents: «Jean-Pierre», «JEAN PIERRE» and «jean pierre» are one, as are
/// «D’Artagnan» and «D'ARTAGNAN».
pub(crate) fn squeeze(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Whether two family names are one person's: the same letters.
///
/// Strict otherwise: the extraction gives the name of exercise, which is the one that the agency should know its people
/// by; a birth name in its place is what the check is to find.
pub(crate) fn same_family_name(one: &str, other: &str) -> bool {
    squeeze(one) == squeeze(other)
}

/// Whether two given names may be one person's: the same letters, or all the words of one begin the other («Jean»,
/// «Jean-Pierre»; «Marie», «MARIE CLAIRE»). The number and the family name have been found right by then, and
/// few people write all their given names everywhere.
pub(crate) fn same_given_name(one: &str, other: &str) -> bool {
    if squeeze(one) == squeeze(other) {
        return true;
    }
    let (one, other) = (words(one), words(other));
    !one.is_empty() && !other.is_empty() && (one.starts_with(&other) || other.starts_with(&one))
}

fn words(name: &str) -> Vec<String> {
    fold(name)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_hyphens_apostrophes_and_spaces_do_not_tell_names_apart() {
        assert!(same_family_name("Lefèvre-D’Arc", "LEFEVRE D'ARC"));
        assert!(same_family_name("Le Goff", "LEGOFF"));
        assert!(same_given_name("Jean-Pierre", "JEAN PIERRE"));
        assert!(same_given_name("Anne Laure", "ANNELAURE"));
    }

    #[test]
    fn a_compound_given_name_may_be_shortened_to_its_first_words() {
        assert!(same_given_name("Jean", "JEAN-PIERRE"));
        assert!(same_given_name("Marie Claire Anne", "MARIE CLAIRE"));
    }

    #[test]
    fn other_names_stay_other_names() {
        assert!(!same_given_name("Pierre", "JEAN-PIERRE"));
        assert!(!same_given_name("Jeanne", "JEAN"));
        assert!(!same_given_name("", "JEAN"));
        assert!(!same_family_name("Martin", "MARTIN DUPONT"));
    }
}
