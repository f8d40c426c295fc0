//! The portal's support, in the shapes that sentences need.

use portique_domain::portal::Support;
use portique_domain::support_name::{in_a_french_sentence, standing_alone};
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
    /// With spaces where the portal writes full stops, which would look like a sentence's own.
    phone: String,
}

impl SupportWords {
    pub(super) fn new(support: &Support, language: Language) -> Self {
        let name = one_line(support.name.get(language));
        let phone = one_line(&support.phone);
        Self {
            contact: in_a_french_sentence(&name),
            name: standing_alone(&name),
            email: support.email.to_string(),
            phone: phone.replace(['.', ' '], "\u{a0}"),
        }
    }
}
