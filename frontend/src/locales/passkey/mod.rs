//! The words about passkeys: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

pub struct PasskeyWords {
    /// The screen that signs in without a password.
    pub sign_in_title: &'static str,
    pub sign_in_intro: &'static str,
    /// The button, there and at the second step.
    pub use_mine: &'static str,
    /// While the browser's dialog is open.
    pub waiting: &'static str,
    pub none_title: &'static str,
    /// Followed by the link to the sign-in page.
    pub none: &'static str,
    pub with_password: &'static str,
    pub second_step_title: &'static str,
    /// Beside the button at the second step.
    pub second_step: &'static str,

    pub unsupported: &'static str,
    pub unsupported_help: &'static str,
    pub cancelled: &'static str,
    pub cancelled_help: &'static str,
    /// The same where a key was to be made.
    pub not_made: &'static str,
    pub not_made_help: &'static str,
    pub known: &'static str,
    pub known_help: &'static str,
    pub unable: &'static str,
    pub unable_help: &'static str,
    pub failed: &'static str,
    pub failed_help: &'static str,
    /// The same where a key was to be made.
    pub making_failed: &'static str,
    pub making_failed_help: &'static str,
    /// The server knows no account that the key opens; it tells no more.
    pub refused: &'static str,
    pub refused_help: &'static str,
    /// At the second step: the challenge's time was over, or the signature is not what was asked for.
    pub not_taken: &'static str,
    pub not_taken_help: &'static str,
    /// The same of a key that was made.
    pub not_added: &'static str,
    pub not_added_help: &'static str,

    /// The section of «Sécurité».
    pub title: &'static str,
    pub intro: &'static str,
    pub none_yet: &'static str,
    pub name: &'static str,
    pub name_help: &'static str,
    pub default_name: &'static str,
    pub add: &'static str,
    /// The button that opens the browser's dialog.
    pub make: &'static str,
    pub added: &'static str,
}

pub const fn passkey(language: Language) -> &'static PasskeyWords {
    match language {
        Language::Fr => &fr::PASSKEY,
        Language::En => &en::PASSKEY,
    }
}
