//! The portal's support, in the shapes that sentences need.

use portique_domain::portal::Support;
use portique_shared::Language;
use serde::Serialize;

use crate::one_line::one_line;

/// What the templates know of the support.
#[derive(Serialize)]
pub(super) struct SupportWords {
    /// Standing alone: «Support technique de Normand'e-santé».
    name: String,
    /// In a French sentence, after «contacter»: «le support technique de Normand'e-santé».
    contact: String,
    email: String,
    /// As the portal writes it.
    phone: String,
    /// In a sentence: with spaces where the portal writes full stops, which would look like the sentence's own.
    spoken_phone: String,
}

impl SupportWords {
    pub(super) fn new(support: &Support, language: Language) -> Self {
        let name = one_line(support.name.get(language));
        let phone = one_line(&support.phone);
        Self {
            contact: with_article(&name),
            name: standing_alone(&name),
            email: support.email.to_string(),
            spoken_phone: phone.replace(['.', ' '], "\u{a0}"),
            phone: phone.replace(' ', "\u{a0}"),
        }
    }
}

/// An article at the start of a name, in lower case as inside a sentence, and what follows it.
fn split_article(name: &str) -> Option<(&str, &str)> {
    ["le ", "la ", "les ", "l'", "l’"]
        .into_iter()
        .find(|article| name.starts_with(article))
        .map(|article| name.split_at(article.len()))
}

/// A name that starts with a capital is a proper one and takes no article; one that starts with a small letter and brings
/// no article («support technique de …», «assistance du portail») gets one. A feminine name brings its own («la hotline»).
fn with_article(name: &str) -> String {
    let starts_small = name.chars().next().is_some_and(char::is_lowercase);
    if split_article(name).is_some() || !starts_small {
        name.to_owned()
    } else if name.starts_with(['a', 'e', 'é', 'i', 'o', 'u', 'h']) {
        format!("l'{name}")
    } else {
        format!("le {name}")
    }
}

fn standing_alone(name: &str) -> String {
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
            ("assistance SISRA", "l'assistance SISRA", "Assistance SISRA"),
            ("l'équipe ROR", "l'équipe ROR", "Équipe ROR"),
            ("Support ROR", "Support ROR", "Support ROR"),
        ] {
            assert_eq!(with_article(written), contact);
            assert_eq!(standing_alone(written), alone);
        }
    }
}
