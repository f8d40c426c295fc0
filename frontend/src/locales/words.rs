//! Every word that stands alone. Sentences with figures in them are in `phrases`.
//!
//! Two tables, so that the sign-in page does not carry the words of the other screens.

/// What the sign-in page says; the other screens use some of it too.
pub struct CommonWords {
    /// While a form waits for its answer.
    pub sending: &'static str,
    pub retry: &'static str,
    pub caps_lock: &'static str,
    /// Beside an empty field.
    pub missing: &'static str,
    pub too_long: &'static str,
    /// One sentence for every refusal, so that it tells nobody which accounts exist.
    pub refused: &'static str,
    pub refused_help: &'static str,
    pub provisional_expired: &'static str,
    pub provisional_expired_help: &'static str,
    pub too_many: &'static str,
    /// Asked for too often, where nobody tried anything wrong.
    pub too_many_requests: &'static str,
    pub too_many_over: &'static str,
    pub busy: &'static str,
    pub busy_help: &'static str,
    pub unreachable: &'static str,
    pub unreachable_help: &'static str,
    pub reference_spent: &'static str,
    pub reference_spent_help: &'static str,
    pub link_spent: &'static str,
    pub link_spent_help: &'static str,
    pub internal: &'static str,
    pub internal_help: &'static str,
    pub see_fields: &'static str,
    /// Why the sign-in page is back.
    pub ended_idle: &'static str,
    pub ended_absolute: &'static str,
    pub ended_elsewhere: &'static str,
    pub signed_out: &'static str,
}

/// What only the other screens say.
pub struct ClientWords {
    /// The menu under the person's name.
    pub my_account: &'static str,
    pub sign_out: &'static str,
    /// The padlock beside the person's name.
    pub change_password: &'static str,
    /// The way back to the services.
    pub home: &'static str,
    /// Before the person's name.
    pub hello: &'static str,
    pub first_sign_in: &'static str,
    pub no_services: &'static str,
    /// Title of the record in «Mon compte».
    pub record: &'static str,
    pub record_help: &'static str,
    pub civility: &'static str,
    pub given_name: &'static str,
    pub family_name: &'static str,
    pub profession: &'static str,
    pub rpps: &'static str,
    pub adeli: &'static str,
    pub identifier: &'static str,
    pub email: &'static str,
    pub rescue_email: &'static str,
    pub rescue_phone: &'static str,
    /// Where the record is empty.
    pub none: &'static str,
    pub password_changed_at: &'static str,
    pub privileged: &'static str,
    pub privileged_yes: &'static str,
    /// Title of the page of change.
    pub password_title: &'static str,
    pub all_required: &'static str,
    /// What the star of a label means.
    pub starred: &'static str,
    pub forced_intro: &'static str,
    pub your_identifier: &'static str,
    pub old_password: &'static str,
    pub new_password: &'static str,
    pub confirmation: &'static str,
    pub rules_title: &'static str,
    /// Read after a rule's words by a screen reader.
    pub rule_met: &'static str,
    pub rule_unmet: &'static str,
    pub verdict_common: &'static str,
    pub verdict_portal: &'static str,
    pub verdict_personal: &'static str,
    pub strength: &'static str,
    pub strength_0: &'static str,
    pub strength_1: &'static str,
    pub strength_2: &'static str,
    pub strength_3: &'static str,
    pub strength_4: &'static str,
    pub confirmation_same: &'static str,
    pub confirmation_differs: &'static str,
    pub wrong_password: &'static str,
    pub other_identifier: &'static str,
    pub same_as_current: &'static str,
    pub length: &'static str,
    pub malformed: &'static str,
    pub consent_required: &'static str,
    pub policy_unmet: &'static str,
    /// The confirmation page.
    pub changed_title: &'static str,
    pub changed: &'static str,
    pub go_on: &'static str,
    pub not_found_title: &'static str,
    pub not_found: &'static str,
    /// Title of the warning; the time follows.
    pub session_ends: &'static str,
    pub session_ends_help: &'static str,
    pub session_ends_absolute: &'static str,
    pub stay: &'static str,
    pub understood: &'static str,
    /// The captcha; the star of required fields follows.
    pub captcha: &'static str,
    /// What is to be done with its picture.
    pub captcha_task: &'static str,
    /// What it is for, in text.
    pub captcha_purpose: &'static str,
    /// The picture, for who doesn't see it.
    pub captcha_picture: &'static str,
    /// Before an icon's number.
    pub captcha_icon: &'static str,
    pub captcha_other: &'static str,
    /// After another picture came, by the button or by itself.
    pub captcha_renewed: &'static str,
    pub captcha_expired: &'static str,
    pub captcha_missing: &'static str,
    pub wrong_code: &'static str,
    pub code_spent: &'static str,
    pub captcha_refused: &'static str,
    /// Between the picture and the same without one.
    pub captcha_or: &'static str,
    /// The way without a picture.
    pub robot: &'static str,
    /// Beside a picture, and alone.
    pub robot_instead: &'static str,
    pub robot_purpose: &'static str,
    pub robot_working: &'static str,
    pub robot_done: &'static str,
    pub robot_missing: &'static str,
    pub robot_unfinished: &'static str,
    pub robot_unsolved: &'static str,
}
