//! The words of the screens for who stands locked out: a table of their own, beside those of the other screens.

mod en;
mod fr;

use portique_shared::Language;

/// What the screens of lost passwords, identifiers and invitations, and of accounts asked for, say.
pub struct RecoveryWords {
    pub cancel: &'static str,
    pub back_to_sign_in: &'static str,
    pub sign_in: &'static str,
    pub email: &'static str,
    /// Beside an e-mail that cannot be one.
    pub email_malformed: &'static str,

    /// Title of the confirmation of what was asked.
    pub taken_title: &'static str,
    pub password_taken: &'static str,
    /// Followed by the masked address.
    pub password_taken_to: &'static str,
    pub password_taken_if: &'static str,
    pub password_taken_if_email: &'static str,
    pub identifier_taken: &'static str,
    pub identifier_taken_if: &'static str,
    pub invitation_taken: &'static str,
    pub invitation_taken_if: &'static str,
    pub account_taken: &'static str,
    pub account_taken_next: &'static str,
    /// What to do if no mail comes.
    pub nothing_title: &'static str,
    pub nothing_wait: &'static str,
    pub nothing_spam: &'static str,
    pub nothing_mistyped: &'static str,
    pub nothing_again: &'static str,
    /// Followed by the support's phone, then by `nothing_reference`.
    pub nothing_call: &'static str,
    pub nothing_reference: &'static str,
    pub reference: &'static str,
    pub reference_help: &'static str,
    pub resend: &'static str,
    /// Followed by the time left.
    pub resend_in: &'static str,
    pub resend_now: &'static str,
    pub resent: &'static str,

    /// Title of the page that a link opens.
    pub new_title: &'static str,
    pub policy_title: &'static str,
    pub link_expired_title: &'static str,
    pub link_expired: &'static str,
    pub link_used_title: &'static str,
    pub link_used: &'static str,
    pub link_replaced_title: &'static str,
    pub link_replaced: &'static str,
    pub link_unknown_title: &'static str,
    pub link_unknown: &'static str,
    pub new_link: &'static str,
    /// Beside an identifier that is not the one to which the link was sent.
    pub other_identifier: &'static str,

    pub account_given_name: &'static str,
    pub account_family_name: &'static str,
    pub account_profession: &'static str,
    pub account_profession_help: &'static str,
    pub account_national_id: &'static str,
    pub account_national_id_help: &'static str,
    pub account_national_id_malformed: &'static str,
    pub name_malformed: &'static str,
    pub account_email: &'static str,
    pub account_email_help: &'static str,
    pub account_consent: &'static str,
    pub account_consent_help: &'static str,

    /// The page that proves the address of who asks for an account.
    pub confirm_title: &'static str,
    pub confirm_intro: &'static str,
    pub applicant_national_id: &'static str,
    pub confirm_not_you: &'static str,
    pub confirm: &'static str,
    pub confirmed_title: &'static str,
    pub confirmed: &'static str,
    pub confirm_expired: &'static str,
    pub confirm_used: &'static str,
    pub confirm_replaced: &'static str,
    pub confirm_unknown: &'static str,
    pub confirm_again: &'static str,
}

/// The words of these screens.
pub const fn recovery(language: Language) -> &'static RecoveryWords {
    match language {
        Language::Fr => &fr::RECOVERY,
        Language::En => &en::RECOVERY,
    }
}
