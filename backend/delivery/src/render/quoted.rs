use portique_shared::{Language, Localized};

use crate::one_line::one_line;

/// What mails quote of a portal's screens, in the portal's own words: a link under another name would be looked for in vain.
/// `None` for what the portal does not offer, and no mail speaks of it.
#[derive(Clone, Debug, Default)]
pub struct Quoted {
    /// The sign-in page's link to a lost password: «Mot de passe oublié ?».
    pub lost_password: Option<Localized>,
    /// Its link to another invitation: «Première connexion».
    pub first_connection: Option<Localized>,
}

/// The words of a link as they stand between quotation marks; a French question mark stays on the line of its word.
pub(super) fn quoted(link: &Localized, language: Language) -> String {
    one_line(link.get(language)).replace(" ?", "\u{a0}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_is_not_parted_from_its_word() {
        let link = Localized::new("Mot de passe oublié ?", "Forgotten password?");
        assert_eq!(quoted(&link, Language::Fr), "Mot de passe oublié\u{a0}?");
        assert_eq!(quoted(&link, Language::En), "Forgotten password?");
    }
}
