//! A support's name, which portals write with or without an article, in the shapes that pages and sentences need.

/// An article at the start of a name, in lower case as inside a sentence, and what follows it.
fn split_article(name: &str) -> Option<(&str, &str)> {
    ["le ", "la ", "les ", "l'", "l’"]
        .into_iter()
        .find(|article| name.starts_with(article))
        .map(|article| name.split_at(article.len()))
}

/// «le support technique de Normand'e-santé», to follow «contacter».
///
/// A name that starts with a capital is a proper one and takes no article; one that starts with a small letter and brings
/// no article («support technique de …», «assistance du portail») gets one. A feminine name brings its own («la hotline»).
pub fn in_a_french_sentence(name: &str) -> String {
    let starts_small = name.chars().next().is_some_and(char::is_lowercase);
    if split_article(name).is_some() || !starts_small {
        name.to_owned()
    } else if name.starts_with(['a', 'e', 'é', 'i', 'o', 'u', 'h']) {
        format!("l’{name}")
    } else {
        format!("le {name}")
    }
}

/// «Support technique de Normand'e-santé»: without an article and with a capital, as a title or a line of its own has it.
pub fn standing_alone(name: &str) -> String {
    let bare = split_article(name).map_or(name, |(_, rest)| rest);
    let mut letters = bare.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_support_reads_well_however_the_portal_writes_it() {
        for (written, contact, alone) in [
            (
                "le support technique de Normand'e-santé",
                "le support technique de Normand'e-santé",
                "Support technique de Normand'e-santé",
            ),
            (
                "support technique de Normand'e-santé",
                "le support technique de Normand'e-santé",
                "Support technique de Normand'e-santé",
            ),
            ("assistance SISRA", "l’assistance SISRA", "Assistance SISRA"),
            ("l'équipe ROR", "l'équipe ROR", "Équipe ROR"),
            ("Support ROR", "Support ROR", "Support ROR"),
        ] {
            assert_eq!(in_a_french_sentence(written), contact);
            assert_eq!(standing_alone(written), alone);
        }
    }
}
