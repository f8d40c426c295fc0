use leptos::prelude::*;
use portique_shared::api::problem::ErrorCode;

use super::saying::Saying;
use super::{Security, Word};
use crate::api::{self, Failure};
use crate::components::QuietButton;
use crate::locales::{security, t, use_lang};

/// Whether a second factor is asked for at each sign-in.
#[component]
pub(super) fn Factor(page: Security) -> impl IntoView {
    let lang = use_lang();
    let saying = Saying::nothing();
    let wanted = Memo::new(move |_| page.read(|view| view.second_factor_wanted) == Some(true));
    let required = Memo::new(move |_| page.read(|view| view.second_factor_required) == Some(true));
    let state = move || {
        let words = security(lang.get());
        match (required.get(), wanted.get()) {
            (true, _) => words.factor_required,
            (false, true) => words.factor_on,
            (false, false) => words.factor_off,
        }
    };
    let want = Action::new_local(move |wanted: &bool| {
        let wanted = *wanted;
        async move {
            let done: Word = if wanted {
                |l| security(l).turned_on
            } else {
                |l| security(l).turned_off
            };
            let answer = api::want_second_factor(wanted).await;
            let is_missing = matches!(
                &answer,
                Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::FactorNeeded
            );
            if is_missing {
                let offered = page.view.with_untracked(|view| {
                    view.as_ref()
                        .is_some_and(|view| view.offers.app || view.offers.passkeys)
                });
                saying.refuse(if offered {
                    |l| security(l).factor_missing
                } else {
                    |l| security(l).factor_missing_here
                });
            } else {
                page.note(answer, saying, done);
            }
        }
    });
    let pending = want.pending();
    let toggle = Callback::new(move |()| {
        saying.clear();
        want.dispatch_local(!wanted.get_untracked());
    });
    let label = Signal::derive(move || {
        let words = security(lang.get());
        if wanted.get() {
            words.turn_off
        } else {
            words.turn_on
        }
    });
    view! {
        <section class="panel" aria-labelledby="factor-title">
            <h2 id="factor-title">{t(|l| security(l).factor_title)}</h2>
            <p>{state}</p>
            {saying.show()}
            {move || {
                (page.is_open() && !required.get())
                    .then(|| {
                        view! { <QuietButton label busy=pending press=toggle /> }
                    })
            }}
        </section>
    }
}
