use leptos::prelude::*;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::policy::PasswordPolicy;

use super::field::{Field, FieldState};
use super::icon::icon;
use super::password_rules::{Checker, PasswordRules, Watched};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, client, use_lang};
use crate::portal::use_portal;

const RULES_ID: &str = "new_password-rules";

/// A new password and its confirmation, as every form asks for them.
#[derive(Clone, Copy)]
pub struct PasswordPair {
    pub new: FieldState,
    pub confirmation: FieldState,
    watched: Watched,
    policy: &'static PasswordPolicy,
}

impl PasswordPair {
    /// Both empty; `checker` answers for what only the server knows.
    pub fn checked_by(checker: Checker) -> Self {
        let new = FieldState::new(String::new());
        Self {
            new,
            confirmation: FieldState::new(String::new()),
            watched: Watched::new(new.value, checker),
            policy: &use_portal().password_policy,
        }
    }

    /// Notes what is wrong before anything is sent; true when nothing is.
    pub fn check(self) -> bool {
        let typed = self.new.require();
        let confirmed = self.confirmation.require();
        let password = self.new.value.get_untracked();
        let unmet = self.policy.unmet(&dom::nfc(&password));
        let reason = if unmet.is_empty() {
            let verdict = self.watched.verdict();
            let why = verdict.and_then(|verdict| verdict.blocklisted);
            why.map(|why| FieldReason::Blocklisted { why })
        } else {
            Some(FieldReason::PolicyUnmet { unmet })
        };
        let accepted = reason.is_none();
        if let Some(reason) = reason.filter(|_| typed) {
            self.tell(self.new, reason);
        }
        let same = password == self.confirmation.value.get_untracked();
        if confirmed && !same {
            self.tell(self.confirmation, FieldReason::ConfirmationDiffers);
        }
        accepted && same && confirmed
    }

    /// Says beside a field of the form why it is refused.
    pub fn tell(self, field: FieldState, reason: FieldReason) {
        let examples = self.policy.special_examples.as_str();
        field.fault.set(Some(Fault::told(reason, examples)));
    }

    /// Says beside each field what the server refuses, then takes the focus to the first. `named` finds the form's
    /// other fields by their names in the request.
    pub fn tell_all(self, problems: Vec<FieldProblem>, named: impl Fn(&str) -> Option<FieldState>) {
        for refused in problems {
            if let Some(field) = named(&refused.field).or_else(|| self.named(&refused.field)) {
                if refused.reason == FieldReason::WrongPassword {
                    field.empty();
                }
                self.tell(field, refused.reason);
            }
        }
        show_first_fault();
    }

    /// One of the two fields, by its name in the request.
    fn named(self, name: &str) -> Option<FieldState> {
        match name {
            "new_password" => Some(self.new),
            "confirmation" => Some(self.confirmation),
            _ => None,
        }
    }
}

/// Takes the focus to the first field that needs mending, once it is marked.
pub fn show_first_fault() {
    request_animation_frame(|| dom::focus("form [aria-invalid]"));
}

/// The two inputs, with the policy's rules live.
#[component]
pub fn PasswordPairInputs(
    password: PasswordPair,
    /// Whether the rules carry the title «Politique de sécurité».
    #[prop(optional)]
    titled: bool,
) -> impl IntoView {
    let lang = use_lang();
    let PasswordPair {
        new,
        confirmation,
        watched,
        ..
    } = password;
    // While the confirmation is shorter it is being typed: saying that it differs would only disturb.
    let matches = move || {
        let (new, typed) = (new.value.get(), confirmation.value.get());
        let complete = !typed.is_empty() && typed.len() >= new.len();
        // What stands beside the field already is not said twice.
        let told = confirmation.fault.with(Option::is_some);
        (complete && !told).then_some(new == typed)
    };
    let match_words = move || {
        let words = client(lang.get());
        matches().map(|same| {
            if same {
                words.confirmation_same
            } else {
                words.confirmation_differs
            }
        })
    };
    let policy_attribute = use_portal().password_policy.password_rules_attribute();
    view! {
        <Field
            name="new_password"
            label=Text::Word(|l| client(l).new_password)
            state=new
            autocomplete="new-password"
            secret=true
            starred=true
            passwordrules=policy_attribute
            described_by=RULES_ID
        >
            <PasswordRules id=RULES_ID watched titled />
        </Field>
        <Field
            name="confirmation"
            label=Text::Word(|l| client(l).confirmation)
            state=confirmation
            autocomplete="new-password"
            secret=true
            starred=true
        >
            <p class="match" role="status" class:met=move || matches() == Some(true)>
                {move || matches().map(|same| icon(if same { "#icon-rule" } else { "#icon-alert" }))}
                {match_words}
            </p>
        </Field>
    }
}

/// The person's identifier: asked for where the portal does, else there for password managers alone.
#[component]
pub fn IdentifierInput(
    /// «Votre identifiant *».
    asked: bool,
    state: FieldState,
) -> impl IntoView {
    if asked {
        view! {
            <Field
                name="identifier"
                label=Text::Word(|l| client(l).your_identifier)
                state
                autocomplete="username"
                starred=true
            />
        }
        .into_any()
    } else {
        view! {
            <input
                name="identifier"
                autocomplete="username"
                readonly
                hidden
                prop:value=state.value
            />
        }
        .into_any()
    }
}
