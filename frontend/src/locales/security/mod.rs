//! The words of «Sécurité»: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

use super::phrases::{self, LocalTime};

pub struct SecurityWords {
    pub title: &'static str,
    pub intro: &'static str,
    /// In «Mon compte», on the way here.
    pub link: &'static str,
    pub unlock_title: &'static str,
    pub unlock_help: &'static str,
    pub password: &'static str,
    pub go_on: &'static str,
    /// Followed by what is left.
    pub unlocked_for: &'static str,
    pub unlock_over: &'static str,
    pub factor_title: &'static str,
    pub factor_required: &'static str,
    pub factor_on: &'static str,
    pub factor_off: &'static str,
    pub turn_on: &'static str,
    pub turn_off: &'static str,
    pub turned_on: &'static str,
    pub turned_off: &'static str,
    /// To who wants to be asked and has none.
    pub factor_missing: &'static str,
    /// The same where the page offers none.
    pub factor_missing_here: &'static str,
    pub copy_failed: &'static str,
    pub factor_needed: &'static str,
    pub apps_title: &'static str,
    pub apps_help: &'static str,
    pub no_app: &'static str,
    pub add_app: &'static str,
    pub scan: &'static str,
    pub picture: &'static str,
    pub by_hand: &'static str,
    pub open_app: &'static str,
    pub app_code: &'static str,
    pub app_code_help: &'static str,
    pub app_code_missing: &'static str,
    pub app_code_malformed: &'static str,
    pub app_code_wrong: &'static str,
    pub name: &'static str,
    pub name_help: &'static str,
    pub name_length: &'static str,
    /// What the field of the name holds at first.
    pub app_name: &'static str,
    pub confirm_app: &'static str,
    pub app_added: &'static str,
    pub enrolment_spent: &'static str,
    pub too_many: &'static str,
    pub cancel: &'static str,
    /// Each followed by a date.
    pub added: &'static str,
    pub last_used: &'static str,
    pub never_used: &'static str,
    pub remove: &'static str,
    pub removed: &'static str,
    pub codes_title: &'static str,
    pub codes_help: &'static str,
    pub codes_none: &'static str,
    /// Followed by a date.
    pub codes_made_on: &'static str,
    pub make_codes: &'static str,
    pub make_codes_again: &'static str,
    pub codes_made: &'static str,
    pub codes_keep: &'static str,
    pub print: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub kept: &'static str,
}

pub const fn security(language: Language) -> &'static SecurityWords {
    match language {
        Language::Fr => &fr::SECURITY,
        Language::En => &en::SECURITY,
    }
}

/// «7 codes sur 10 restent utilisables.»
pub fn codes_left(language: Language, left: u32) -> String {
    let number = left.to_string();
    match language {
        Language::Fr if left < 2 => [&number, "\u{a0}code sur 10 reste utilisable."].concat(),
        Language::Fr => [&number, "\u{a0}codes sur 10 restent utilisables."].concat(),
        Language::En if left == 1 => [&number, "\u{a0}code of 10 is left."].concat(),
        Language::En => [&number, "\u{a0}codes of 10 are left."].concat(),
    }
}

/// «Retirer « Téléphone », ajoutée le 01/07/2022», for a screen reader that reads the buttons alone: two keys may have one name.
pub fn remove_named(language: Language, name: &str, added: LocalTime) -> String {
    let added = phrases::date(language, added);
    match language {
        Language::Fr => ["Retirer «\u{a0}", name, "\u{a0}», ajoutée le ", &added].concat(),
        Language::En => ["Remove “", name, "”, added on ", &added].concat(),
    }
}
