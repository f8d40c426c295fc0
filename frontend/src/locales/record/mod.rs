//! The words of the screen on which people change their rescue address and telephone: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

pub struct RecordWords {
    pub title: &'static str,
    /// Of the pencil in «Mon compte».
    pub edit: &'static str,
    pub intro: &'static str,
    /// The same where the portal sends no SMS.
    pub intro_mail: &'static str,
    /// Followed by the support's telephone and address.
    pub agency: &'static str,
    pub or: &'static str,
    pub email_help: &'static str,
    pub phone_help: &'static str,
    /// In the field's place, where the portal sends no SMS.
    pub phone_not_offered: &'static str,
    pub email_malformed: &'static str,
    pub main_address: &'static str,
    pub phone_malformed: &'static str,
    pub not_mobile: &'static str,
    pub update: &'static str,
    pub updated: &'static str,
    pub unchanged: &'static str,
    pub cancelled: &'static str,
    pub ended: &'static str,
    pub factor_needed: &'static str,
    pub proof_over: &'static str,
    pub back: &'static str,
    pub prove_email: &'static str,
    pub prove_phone: &'static str,
    /// Followed by the address or the number.
    pub sent_to: &'static str,
    pub not_sent: &'static str,
    pub until_then: &'static str,
    /// Before the telephone's turn.
    pub then_phone: &'static str,
}

pub const fn record(language: Language) -> &'static RecordWords {
    match language {
        Language::Fr => &fr::RECORD,
        Language::En => &en::RECORD,
    }
}
