//! The words of the screen between password and session: a table of their own.

mod en;
mod fr;

use portique_shared::Language;

pub struct SecondStepWords {
    /// Of the screen that asks for the code that was sent.
    pub title: &'static str,
    /// The same to who is signed in already, and proves anew who they are.
    pub proof_title: &'static str,
    /// The ways to choose from are all codes to be sent.
    pub get_code_title: &'static str,
    /// The same to who is signed in already.
    pub get_proof_code_title: &'static str,
    /// They are not; also while it is not known yet what is asked for.
    pub choice_title: &'static str,
    pub app_title: &'static str,
    pub recovery_title: &'static str,
    /// Followed by the destination, in quotes.
    pub sent_only: &'static str,
    /// The same where there was a choice; followed by the destination too.
    pub sent_to: &'static str,
    /// Nothing was sent yet, and there is a choice.
    pub choose: &'static str,
    /// Nothing was sent yet, and there is none; followed by the destination.
    pub send_only: &'static str,
    pub by_email: &'static str,
    pub by_sms: &'static str,
    /// Behind a rescue address.
    pub rescue_email: &'static str,
    pub rescue_phone: &'static str,
    pub confirm: &'static str,
    pub send: &'static str,
    pub code: &'static str,
    pub code_help: &'static str,
    pub code_missing: &'static str,
    pub code_malformed: &'static str,
    /// Followed by what is left.
    pub good_for: &'static str,
    pub over: &'static str,
    /// Followed by a number of hours.
    pub remember: &'static str,
    pub hour: &'static str,
    pub hours: &'static str,
    pub remember_help: &'static str,
    pub resend: &'static str,
    pub resend_in: &'static str,
    pub resend_now: &'static str,
    pub resent: &'static str,
    pub otherwise: &'static str,
    pub choose_any: &'static str,
    pub by_app: &'static str,
    pub by_passkey: &'static str,
    pub no_way_here: &'static str,
    pub by_recovery_code: &'static str,
    pub app_intro: &'static str,
    pub app_code: &'static str,
    pub app_missing: &'static str,
    pub app_wrong: &'static str,
    pub recovery_intro: &'static str,
    pub recovery_code: &'static str,
    pub recovery_help: &'static str,
    pub recovery_missing: &'static str,
    pub recovery_malformed: &'static str,
    pub recovery_wrong: &'static str,
    pub no_way_title: &'static str,
    pub no_way: &'static str,
    pub reference_help: &'static str,
    pub nothing_title: &'static str,
    pub nothing_wait: &'static str,
    pub nothing_spam: &'static str,
    pub nothing_call: &'static str,
    /// The same where the code went by SMS.
    pub nothing_network: &'static str,
    pub sms_spent: &'static str,
    /// There is a mail.
    pub sms_spent_mail: &'static str,
    /// There is none, but another way.
    pub sms_spent_other: &'static str,
    /// There is nothing else; followed by the support's telephone.
    pub sms_spent_call: &'static str,
    /// Followed by a time.
    pub sms_again: &'static str,
    /// The portal sends SMS, and the person has no phone on record.
    pub no_phone: &'static str,
    /// The same, with one on record that gets none.
    pub other_phone: &'static str,
    /// The browser has read the code out of the SMS.
    pub code_read: &'static str,
    pub ended_title: &'static str,
    pub ended: &'static str,
    pub begin_again: &'static str,
    /// Followed by what is left of the step.
    pub time_left: &'static str,
    /// The same where who is signed in proves who they are.
    pub proof_left: &'static str,
    pub proof_ended_title: &'static str,
    pub proof_ended: &'static str,
    pub prove_again: &'static str,
}

pub const fn second_step(language: Language) -> &'static SecondStepWords {
    match language {
        Language::Fr => &fr::SECOND_STEP,
        Language::En => &en::SECOND_STEP,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::passkey;
    use super::*;

    #[test]
    fn each_screen_of_the_step_has_a_title_of_its_own() {
        for language in [Language::Fr, Language::En] {
            let words = second_step(language);
            let titles = [
                words.title,
                words.proof_title,
                words.get_code_title,
                words.get_proof_code_title,
                words.choice_title,
                words.app_title,
                words.recovery_title,
                words.no_way_title,
                words.ended_title,
                words.proof_ended_title,
                passkey(language).second_step_title,
            ];
            assert_eq!(BTreeSet::from(titles).len(), titles.len());
        }
    }
}
