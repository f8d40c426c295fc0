use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use portique_shared::api::account::ChangePasswordRequest;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::api::screens;
use portique_shared::policy::PasswordPolicy;

use super::alert::{Alert, Trouble};
use super::captcha::{CAPTCHA, Captcha, CaptchaState};
use super::field::{Field, FieldState};
use super::form::Submit;
use super::icon::icon;
use super::password_rules::{PasswordRules, Watched};
use crate::api::{self, Changed};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, client, t, use_lang};
use crate::portal::use_portal;
use crate::session::use_session;

const RULES_ID: &str = "new_password-rules";

/// The form's fields.
#[derive(Clone, Copy)]
struct Fields {
    identifier: FieldState,
    current: FieldState,
    new: FieldState,
    confirmation: FieldState,
    captcha: CaptchaState,
}

impl Fields {
    fn request(self) -> ChangePasswordRequest {
        let text = |field: FieldState| field.value.get_untracked();
        ChangePasswordRequest {
            identifier: text(self.identifier),
            current_password: text(self.current),
            new_password: text(self.new),
            confirmation: text(self.confirmation),
            captcha: self.captcha.answer(),
        }
    }

    fn named(self, name: &str) -> Option<FieldState> {
        match name {
            "identifier" => Some(self.identifier),
            "current_password" => Some(self.current),
            "new_password" => Some(self.new),
            "confirmation" => Some(self.confirmation),
            _ => None,
        }
    }

    fn all(self) -> [FieldState; 4] {
        [self.identifier, self.current, self.new, self.confirmation]
    }

    /// Notes what is wrong before anything is sent; true when nothing is.
    fn check(self, policy: &'static PasswordPolicy, watched: Watched) -> bool {
        let mut good = true;
        for field in self.all() {
            good &= field.require();
        }
        let told = |field: FieldState, reason| {
            if field.fault.with_untracked(Option::is_none) {
                field
                    .fault
                    .set(Some(Fault::told(reason, policy.special_examples.as_str())));
            }
        };
        let request = self.request();
        let unmet = policy.unmet(&dom::nfc(&request.new_password));
        if !unmet.is_empty() {
            told(self.new, FieldReason::PolicyUnmet { unmet });
            good = false;
        } else if let Some(why) = watched.verdict().and_then(|verdict| verdict.blocklisted) {
            told(self.new, FieldReason::Blocklisted { why });
            good = false;
        } else if request.new_password == request.current_password {
            told(self.new, FieldReason::SameAsCurrent);
            good = false;
        }
        if request.new_password != request.confirmation {
            told(self.confirmation, FieldReason::ConfirmationDiffers);
            good = false;
        }
        good & self.captcha.require()
    }

    /// Notes what the server refuses.
    fn refuse(self, examples: &'static str, problems: Vec<FieldProblem>) {
        if problems.iter().any(|refused| refused.field == CAPTCHA) {
            self.captcha.refuse();
        } else {
            self.captcha.renew();
        }
        for refused in problems {
            if let Some(field) = self.named(&refused.field) {
                if refused.reason == FieldReason::WrongPassword {
                    field.empty();
                }
                field.fault.set(Some(Fault::told(refused.reason, examples)));
            }
        }
    }
}

/// The change of password: identifier, old, new, confirmation, the captcha if there is one, then the button.
#[component]
pub fn PasswordForm() -> impl IntoView {
    let portal = use_portal();
    let session = use_session();
    let navigate = use_navigate();
    let (identifier, forced) = session
        .visit()
        .map(|visit| (visit.person.identifier, visit.restricted))
        .unwrap_or_default();
    // Who has a password of their own has shown already that they are somebody.
    let captcha = portal.password_change.captcha.filter(|_| forced);
    let fields = Fields {
        identifier: FieldState::new(identifier),
        current: FieldState::new(String::new()),
        new: FieldState::new(String::new()),
        confirmation: FieldState::new(String::new()),
        captcha: CaptchaState::new(captcha),
    };
    let watched = Watched::new(fields.new.value);
    let trouble = Trouble::none();
    let answered = move |answer: Changed| match answer {
        Changed::Done(state) => {
            session.just_changed.set(true);
            session.heard(state);
            session.tell_other_tabs();
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(screens::PASSWORD_CHANGED, options);
        }
        Changed::Invalid(problems) => {
            fields.refuse(&portal.password_policy.special_examples, problems);
            show_first_fault();
        }
        Changed::Failed(failure) => {
            session.heed(&failure);
            fields.captcha.renew();
            trouble.tell(failure);
        }
    };
    let change = Action::new_local(move |request: &ChangePasswordRequest| {
        let request = request.clone();
        let answered = answered.clone();
        async move { answered(api::change_password(&request).await) }
    });
    let pending = change.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        if fields.check(&portal.password_policy, watched) {
            change.dispatch_local(fields.request());
        } else {
            show_first_fault();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <form class="form" method="post" novalidate on:submit=on_submit>
            <p class="lead">{t(|l| client(l).all_required)}</p>
            <Alert trouble retry=Callback::new(move |()| send()) />
            <Inputs fields watched />
            <Captcha state=fields.captcha />
            <Submit label=Text::Portal(&portal.password_change.submit) busy=pending />
        </form>
    }
}

/// The inputs, in the guides' order. The captcha's place is after them, before the button.
#[component]
fn Inputs(fields: Fields, watched: Watched) -> impl IntoView {
    let portal = use_portal();
    let lang = use_lang();
    // While the confirmation is shorter it is being typed: saying that it differs would only disturb.
    let matches = move || {
        let (new, confirmation) = (fields.new.value.get(), fields.confirmation.value.get());
        let complete = !confirmation.is_empty() && confirmation.len() >= new.len();
        complete.then_some(new == confirmation)
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
    let policy_attribute = portal.password_policy.password_rules_attribute();
    view! {
            {if portal.password_change.asks_identifier {
                view! {
                    <Field
                        name="identifier"
                        label=Text::Word(|l| client(l).your_identifier)
                        state=fields.identifier
                        autocomplete="username"
                        starred=true
                    />
                }
                    .into_any()
            } else {
                // Not shown, but there for password managers.
                view! {
                    <input
                        name="identifier"
                        autocomplete="username"
                        readonly
                        hidden
                        prop:value=fields.identifier.value
                    />
                }
                    .into_any()
            }}
            <Field
                name="current_password"
                label=Text::Word(|l| client(l).old_password)
                state=fields.current
                autocomplete="current-password"
                secret=true
                starred=true
            />
            <Field
                name="new_password"
                label=Text::Word(|l| client(l).new_password)
                state=fields.new
                autocomplete="new-password"
                secret=true
                starred=true
                passwordrules=policy_attribute
                described_by=RULES_ID
            >
                <PasswordRules id=RULES_ID watched />
            </Field>
            <Field
                name="confirmation"
                label=Text::Word(|l| client(l).confirmation)
                state=fields.confirmation
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

/// Takes the focus to the first field that needs mending, once it is marked.
fn show_first_fault() {
    request_animation_frame(|| dom::focus("form [aria-invalid]"));
}
