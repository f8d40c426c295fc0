use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::screens;
use portique_shared::api::second_step::SecondStepView;

use super::alert::{Alert, Trouble};
use super::field::{Field, FieldState};
use super::form::Submit;
use super::password_pair::{IdentifierInput, show_first_fault};
use crate::api::{self, Outcome};
use crate::locales::faults::Fault;
use crate::locales::{Text, card, security, t};
use crate::session::use_session;
use crate::{dom, return_path};

/// Asks who is signed in for their password once more, before what opens the account is changed. The second step follows on
/// its own page, which comes back to `back`. `by_card`: whether a card is proof enough, and is offered.
#[component]
pub fn Unlock(back: &'static str, #[prop(into)] by_card: Signal<bool>) -> impl IntoView {
    let session = use_session();
    let password = FieldState::new(String::new());
    let trouble = Trouble::none();
    let identifier = session
        .visit()
        .map(|visit| visit.person.identifier)
        .unwrap_or_default();
    let identifier = FieldState::new(identifier);
    let answered = move |answer: Outcome<SecondStepView>| match answer {
        Outcome::Done(_) => dom::load(&return_path::keeping(screens::SECOND_STEP, Some(back.to_owned()))),
        Outcome::Invalid(problems) => {
            let wrong = problems
                .iter()
                .any(|refused| refused.reason == FieldReason::WrongPassword);
            let reason = if wrong {
                FieldReason::WrongPassword
            } else {
                FieldReason::Length
            };
            password.empty();
            password.fault.set(Some(Fault::told(reason, "")));
            show_first_fault();
        }
        Outcome::Failed(failure) => {
            session.heed(&failure);
            trouble.tell(failure);
        }
    };
    let prove = Action::new_local(move |typed: &String| {
        let typed = typed.clone();
        async move { answered(api::prove(typed).await) }
    });
    let pending = prove.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        if password.require() {
            prove.dispatch_local(password.value.get_untracked());
        } else {
            show_first_fault();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <section class="panel" aria-labelledby="unlock-title">
            <h2 id="unlock-title">{t(|l| security(l).unlock_title)}</h2>
            <p>{t(|l| security(l).unlock_help)}</p>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <Alert trouble retry=Callback::new(move |()| send()) />
                // For password managers: whose password it is.
                <IdentifierInput asked=false state=identifier />
                <Field
                    name="password"
                    label=Text::Word(|l| security(l).password)
                    state=password
                    autocomplete="current-password"
                    secret=true
                />
                <Submit label=Text::Word(|l| security(l).go_on) busy=pending />
            </form>
            {move || by_card.get().then(|| view! { <ByCard back /> })}
        </section>
    }
}

/// The way to the card, for who has one; for who has no password, the only way.
#[component]
fn ByCard(back: &'static str) -> impl IntoView {
    view! {
        <p>{t(|l| card(l).proof_intro_short)}</p>
        // Loaded anew: it reads its own address and its own entry of the tab's history.
        <a
            class="quiet"
            href=return_path::keeping(screens::CARD_PROOF, Some(back.to_owned()))
            rel="external"
        >
            {t(|l| card(l).prove_by_card)}
        </a>
    }
}
