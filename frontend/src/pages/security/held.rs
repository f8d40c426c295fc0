use leptos::prelude::*;
use portique_shared::api::security::{AuthenticatorKind, AuthenticatorView};

use super::saying::Saying;
use super::{Security, Word};
use crate::api;
use crate::components::QuietButton;
use crate::dom;
use crate::locales::{phrases, remove_named, security, t, use_lang};

/// The person's authenticators of one kind, each with its button of removal while changes are taken. `title`: the identifier of
/// the section's title, which takes the focus when the button that had it goes.
#[component]
pub(super) fn Held(
    page: Security,
    saying: Saying,
    kind: AuthenticatorKind,
    none: Word,
    title: &'static str,
) -> impl IntoView {
    let held = Memo::new(move |_| {
        let all = page.read(|view| view.authenticators.clone()).unwrap_or_default();
        all.into_iter()
            .filter(|held| held.kind == kind)
            .collect::<Vec<_>>()
    });
    let remove = Action::new_local(move |id: &String| {
        let id = id.clone();
        async move {
            let answer = api::remove_authenticator(&id).await;
            if page.note(answer, saying, |l| security(l).removed) {
                request_animation_frame(move || dom::focus(title));
            }
        }
    });
    let pending: Signal<bool> = remove.pending().into();
    let take_away = Callback::new(move |id: String| {
        saying.clear();
        remove.dispatch_local(id);
    });
    let none = t(none);
    move || {
        let held = held.get();
        if held.is_empty() {
            return view! { <p class="empty">{none}</p> }.into_any();
        }
        let items = held
            .into_iter()
            .map(|held| view! { <Item page held busy=pending take_away /> })
            .collect_view();
        view! { <ul class="held">{items}</ul> }.into_any()
    }
}

#[component]
fn Item(
    page: Security,
    held: AuthenticatorView,
    busy: Signal<bool>,
    take_away: Callback<String>,
) -> impl IntoView {
    let lang = use_lang();
    let added = dom::local_time(&held.added_at);
    let used = held.last_used_at.as_deref().map(dom::local_time);
    let story = move || {
        let language = lang.get();
        let words = security(language);
        let used = match used {
            Some(used) => [words.last_used, " ", &phrases::date(language, used)].concat(),
            None => words.never_used.to_owned(),
        };
        [words.added, " ", &phrases::date(language, added), ", ", &used].concat()
    };
    let name = held.name.clone();
    let named = Signal::derive(move || remove_named(lang.get(), &name, added));
    let id = held.id;
    let press = Callback::new(move |()| take_away.run(id.clone()));
    view! {
        <li>
            <span>
                <strong>{held.name}</strong>
                <small>{story}</small>
            </span>
            {move || {
                page.is_open()
                    .then(|| {
                        view! { <QuietButton label=t(|l| security(l).remove) name=named busy press /> }
                    })
            }}
        </li>
    }
}
