//! The words that stand in the page before the client runs: the server writes them into the static shell, the
//! client paints the same ones over it. Everything else that a screen says lives in the client alone.

mod en;
mod fr;

use serde::Serialize;

use crate::language::Language;

/// The shell's words in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShellWords {
    pub skip_to_content: &'static str,
    /// Said on every page of a demonstration.
    pub demo: &'static str,
    /// The link from there to the messages that would have left.
    pub demo_mailbox: &'static str,
    /// The sentence beside the sign-in form.
    pub promise: &'static str,
    pub identifier: &'static str,
    pub password: &'static str,
    pub show_password: &'static str,
    /// The link to the screen where a passkey signs in.
    pub passkey: &'static str,
    /// Title of the support contact, at the same place on every page.
    pub support: &'static str,
    /// Name of the footer's links for assistive technology.
    pub about: &'static str,
    /// Name of the language switch for assistive technology.
    pub language: &'static str,
    pub loading: &'static str,
    pub no_script: &'static str,
}

impl ShellWords {
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::Fr => &fr::WORDS,
            Language::En => &en::WORDS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_words_of_its_own() {
        assert_ne!(ShellWords::of(Language::Fr), ShellWords::of(Language::En));
    }
}
