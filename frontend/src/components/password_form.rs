use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use portique_shared::api::account::ChangePasswordRequest;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::screens;
use portique_shared::api::session::SessionState;

use super::alert::{Alert, Trouble};
use super::captcha::{Captcha, CaptchaState};
use super::field::{Field, FieldState};
use super::form::{Submit, renew_captcha};
use super::password_pair::{IdentifierInput, PasswordPair, PasswordPairInputs, show_first_fault};
use super::password_rules::Checker;
use super::star::Stars;
use crate::api::{self, Outcome};
use crate::locales::{Text, client, t};
use crate::portal::use_portal;
use crate::session::use_session;

/// The form's fields.
#[derive(Clone, Copy)]
struct Fields {
    identifier: FieldState,
    current: FieldState,
    password: PasswordPair,
    captcha: CaptchaState,
}

impl Fields {
    fn request(self) -> ChangePasswordRequest {
        let text = |field: FieldState| field.value.get_untracked();
        ChangePasswordRequest {
            identifier: text(self.identifier),
            current_password: text(self.current),
            new_password: text(self.password.new),
            confirmation: text(self.password.confirmation),
            captcha: self.captcha.answer(),
        }
    }

    fn named(self, name: &str) -> Option<FieldState> {
        match name {
            "identifier" => Some(self.identifier),
            "current_password" => Some(self.current),
            _ => None,
        }
    }

    /// Notes what is wrong before anything is sent; true when nothing is.
    fn check(self) -> bool {
        let known = self.identifier.require() & self.current.require();
        let good = known & self.password.check();
        let request = self.request();
        let new = self.password.new;
        let same = request.new_password == request.current_password;
        if same && new.fault.with_untracked(Option::is_none) {
            self.password.tell(new, FieldReason::SameAsCurrent);
        }
        let answered = self.captcha.require();
        good && !same && answered
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
        password: PasswordPair::checked_by(Checker::Session),
        captcha: CaptchaState::new(captcha),
    };
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<SessionState>| match answer {
        Outcome::Done(state) => {
            session.just_changed.set(true);
            session.heard(state);
            session.tell_other_tabs();
            let options = NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            };
            navigate(screens::PASSWORD_CHANGED, options);
        }
        Outcome::Invalid(problems) => {
            renew_captcha(fields.captcha, &problems);
            fields.password.tell_all(problems, |name| fields.named(name));
        }
        Outcome::Failed(failure) => {
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
        if fields.check() {
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
            <Stars />
            <Alert trouble retry=Callback::new(move |()| send()) />
            <IdentifierInput
                asked=portal.password_change.asks_identifier
                state=fields.identifier
            />
            <Field
                name="current_password"
                label=Text::Word(|l| client(l).old_password)
                state=fields.current
                autocomplete="current-password"
                secret=true
                starred=true
            />
            <PasswordPairInputs password=fields.password />
            <Captcha state=fields.captcha starred=true />
            <Submit label=Text::Portal(&portal.password_change.submit) busy=pending />
        </form>
    }
}
