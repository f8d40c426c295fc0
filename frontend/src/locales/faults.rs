//! The only place that turns what went wrong into words: error codes and fields' reasons.

use std::sync::Arc;

use portique_shared::Language;
use portique_shared::api::account::BlocklistReason;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::policy::Rule;

use super::{client, common, passkey, phrases};
use crate::api::Failure;

/// What is wrong with a field, in words once the language is known. A closure, so that the sign-in page carries
/// none of the words that only a change of password needs.
#[derive(Clone)]
pub struct Fault(Arc<dyn Fn(Language) -> String + Send + Sync>);

impl Fault {
    /// A word of the page's own, where it knows more of the field than the reason tells.
    pub fn word(pick: fn(Language) -> &'static str) -> Self {
        Self(Arc::new(move |language| pick(language).to_owned()))
    }

    /// Nothing was typed.
    pub fn missing() -> Self {
        Self::word(|language| common(language).missing)
    }

    /// The server found it longer than the API allows.
    pub fn too_long() -> Self {
        Self::word(|language| common(language).too_long)
    }

    /// What the server would say, or said; `examples` are the portal's special characters.
    pub fn told(reason: FieldReason, examples: &'static str) -> Self {
        Self(Arc::new(move |language| field(language, &reason, examples)))
    }

    pub fn words(&self, language: Language) -> String {
        (self.0)(language)
    }
}

/// What a form's alert says: what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub what: &'static str,
    pub mend: String,
    /// Whether sending the same again may succeed at once.
    pub retry: bool,
}

fn field(language: Language, reason: &FieldReason, examples: &str) -> String {
    let words = client(language);
    match reason {
        FieldReason::Length => words.length.to_owned(),
        FieldReason::WrongPassword => words.wrong_password.to_owned(),
        FieldReason::OtherIdentifier => words.other_identifier.to_owned(),
        FieldReason::ConfirmationDiffers => words.confirmation_differs.to_owned(),
        // The page that asks for a telephone says more.
        FieldReason::Malformed | FieldReason::NotMobile | FieldReason::MainAddress => {
            words.malformed.to_owned()
        }
        FieldReason::WrongCode => words.wrong_code.to_owned(),
        FieldReason::CodeSpent => words.code_spent.to_owned(),
        FieldReason::WrongPasskey => passkey(language).not_taken.to_owned(),
        FieldReason::CaptchaRefused => words.captcha_refused.to_owned(),
        FieldReason::ConsentRequired => words.consent_required.to_owned(),
        FieldReason::SameAsCurrent => words.same_as_current.to_owned(),
        FieldReason::Blocklisted { why } => blocklisted(language, *why).to_owned(),
        FieldReason::PolicyUnmet { unmet } => policy_unmet(language, unmet, examples),
    }
}

/// What is missing in one sentence; then a sentence for each thing that is too much.
fn policy_unmet(language: Language, unmet: &[Rule], examples: &str) -> String {
    let (missing, too_much): (Vec<Rule>, Vec<Rule>) = unmet.iter().partition(|rule| rule.is_announced());
    let word = |rule: &Rule| phrases::rule(language, *rule, examples);
    let mut sentences = Vec::new();
    if !missing.is_empty() {
        let rules: Vec<String> = missing
            .iter()
            .map(|rule| word(rule).to_ascii_lowercase())
            .collect();
        sentences.push([client(language).policy_unmet, " ", &rules.join(", "), "."].concat());
    }
    sentences.extend(too_much.iter().map(word));
    sentences.join(" ")
}

/// Why the blocklist refuses a password.
pub fn blocklisted(language: Language, why: BlocklistReason) -> &'static str {
    let words = client(language);
    match why {
        BlocklistReason::Common => words.verdict_common,
        BlocklistReason::PortalWords => words.verdict_portal,
        BlocklistReason::Personal => words.verdict_personal,
    }
}

/// A failed request in words; `left` is what remains of the time to wait, in seconds.
pub fn failure(language: Language, failure: &Failure, left: u32) -> Told {
    let words = common(language);
    let told = |what, mend: &str, retry| Told {
        what,
        mend: mend.to_owned(),
        retry,
    };
    let Failure::Refused(refusal) = failure else {
        return told(words.unreachable, words.unreachable_help, true);
    };
    match refusal.code {
        ErrorCode::CredentialsRefused => told(words.refused, words.refused_help, false),
        ErrorCode::ProvisionalPasswordExpired => {
            told(words.provisional_expired, words.provisional_expired_help, false)
        }
        // Of SMS: the page that asks for them says more.
        ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests | ErrorCode::SmsSpent => {
            let what = if refusal.code == ErrorCode::TooManyAttempts {
                words.too_many
            } else {
                words.too_many_requests
            };
            if left > 0 {
                told(what, &phrases::retry_in(language, left), false)
            } else {
                told(what, words.too_many_over, false)
            }
        }
        ErrorCode::ReferenceSpent => told(words.reference_spent, words.reference_spent_help, false),
        ErrorCode::LinkSpent => told(words.link_spent, words.link_spent_help, false),
        ErrorCode::ServerBusy | ErrorCode::NotReady => told(words.busy, words.busy_help, true),
        ErrorCode::ValidationFailed => told(words.see_fields, "", false),
        // Of a sign-in half way too: the page that knows it says more.
        ErrorCode::SessionRequired | ErrorCode::SecondStepEnded => told(words.ended_elsewhere, "", false),
        ErrorCode::InvalidRequest
        | ErrorCode::CrossSiteRefused
        // The page that knows them says more.
        | ErrorCode::ProofRequired
        | ErrorCode::FactorNeeded
        | ErrorCode::TooManyAuthenticators
        | ErrorCode::EnrolmentSpent
        | ErrorCode::ContactChangeEnded
        | ErrorCode::CardNotPresented
        | ErrorCode::CardExpired
        | ErrorCode::CardRevoked
        | ErrorCode::CardUnknown
        | ErrorCode::CardWrongUsage
        | ErrorCode::CardContactless
        | ErrorCode::CardOrganisation
        | ErrorCode::CardTest
        | ErrorCode::CardUnknownAuthority
        | ErrorCode::CardUnreadable
        | ErrorCode::CardOfAnother
        | ErrorCode::CardTaken
        | ErrorCode::CardCeremonyEnded
        | ErrorCode::CardUnverifiable
        | ErrorCode::PasswordChangeRequired
        | ErrorCode::NotFound
        | ErrorCode::MethodNotAllowed
        | ErrorCode::PayloadTooLarge
        | ErrorCode::UnsupportedMediaType
        | ErrorCode::UnknownPortal
        | ErrorCode::Internal => {
            let mend = [words.internal_help, " ", &refusal.request_id].concat();
            told(words.internal, &mend, true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Refusal;

    fn refused(code: ErrorCode) -> Failure {
        Failure::Refused(Refusal {
            code,
            request_id: "b5c1".into(),
            retry_after: None,
            fields: Vec::new(),
        })
    }

    #[test]
    fn an_error_on_our_side_gives_the_reference_that_support_asks_for() {
        let told = failure(Language::Fr, &refused(ErrorCode::Internal), 0);
        assert!(told.mend.ends_with("b5c1"));
    }

    #[test]
    fn too_many_tries_say_how_long_to_wait_then_that_the_wait_is_over() {
        let refused = refused(ErrorCode::TooManyAttempts);
        assert_eq!(
            failure(Language::Fr, &refused, 65).mend,
            "Réessayez dans 1\u{a0}min\u{a0}05\u{a0}s."
        );
        assert_eq!(failure(Language::Fr, &refused, 0).mend, "Vous pouvez réessayer.");
    }

    #[test]
    fn what_was_asked_too_often_is_not_called_a_wrong_try() {
        let refused = refused(ErrorCode::TooManyRequests);
        let told = failure(Language::Fr, &refused, 30);
        assert_eq!(told.what, "Trop de demandes.");
        assert_eq!(told.mend, "Réessayez dans 30\u{a0}s.");
        assert_eq!(failure(Language::Fr, &refused, 0).mend, "Vous pouvez réessayer.");
    }

    #[test]
    fn unmet_rules_are_listed_in_one_sentence() {
        let unmet = vec![Rule::Digits(1), Rule::UpperCase(1)];
        assert_eq!(
            Fault::told(FieldReason::PolicyUnmet { unmet }, "").words(Language::Fr),
            "Il manque\u{a0}: au moins 1\u{a0}chiffre, au moins 1\u{a0}majuscule."
        );
    }

    #[test]
    fn what_a_password_has_too_much_of_is_not_said_to_be_missing() {
        let told = |unmet| Fault::told(FieldReason::PolicyUnmet { unmet }, "");
        assert_eq!(
            told(vec![Rule::MaxBytes(1024)]).words(Language::Fr),
            "Raccourcissez votre mot de passe\u{a0}: il est trop long."
        );
        assert_eq!(
            told(vec![Rule::Digits(1), Rule::NoControl]).words(Language::En),
            "Missing: at least 1\u{a0}digit. Remove from your password the invisible characters, which no keyboard types."
        );
    }
}
