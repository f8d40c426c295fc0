//! What the lists of sessions and of remembered browsers are made of.

use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::own_sessions::{OwnBrowser, OwnSession, PlaceView, UseView};

use super::sessions::{Own, Wanted};
use crate::dom;
use crate::locales::{Lang, phrases, sessions, t, use_lang};

/// One of «Mes sessions».
pub(super) fn session_item(own: Own, session: OwnSession) -> impl IntoView {
    let lang = use_lang();
    let title = ["session-", &session.id].concat();
    let described = title.clone();
    let OwnSession {
        id,
        current,
        browser,
        started,
        last_used,
    } = session;
    let once = started == last_used;
    let name = move || sessions(lang.get()).browser(browser.family.as_deref(), browser.system.as_deref());
    let end = move |_| own.want(Wanted::End(id.clone()));
    view! {
        <li>
            <p class="session-name" id=title>
                <strong>{name}</strong>
                {current.then(|| view! { " " <span class="badge">{t(|l| sessions(l).current)}</span> })}
            </p>
            <p>{used(lang, |l| sessions(l).last_used, last_used)}</p>
            {(!once).then(|| view! { <p class="hint">{used(lang, |l| sessions(l).started, started)}</p> })}
            {(!current)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="quiet"
                            aria-describedby=described
                            aria-disabled=move || own.busy.get().then_some("true")
                            on:click=end
                        >
                            {t(|l| sessions(l).end)}
                        </button>
                    }
                })}
        </li>
    }
}

/// One of «Postes mémorisés».
pub(super) fn browser_item(own: Own, remembered: OwnBrowser) -> impl IntoView {
    let lang = use_lang();
    let title = ["browser-", &remembered.id].concat();
    let described = title.clone();
    let OwnBrowser {
        id,
        current,
        browser,
        last_used,
        expires_at,
        ..
    } = remembered;
    let name = move || sessions(lang.get()).browser(browser.family.as_deref(), browser.system.as_deref());
    let until = dom::local_time(&expires_at);
    let until = move || {
        let language = lang.get();
        [sessions(language).until, " ", &phrases::moment(language, until)].concat()
    };
    let forget = move |_| own.want(Wanted::Forget(id.clone()));
    view! {
        <li>
            <p class="session-name" id=title>
                <strong>{name}</strong>
                {current.then(|| view! { " " <span class="badge">{t(|l| sessions(l).current_browser)}</span> })}
            </p>
            <p>{until}</p>
            <p class="hint">{used(lang, |l| sessions(l).last_used, last_used)}</p>
            <button
                type="button"
                class="quiet"
                aria-describedby=described
                aria-disabled=move || own.busy.get().then_some("true")
                on:click=forget
            >
                {t(|l| sessions(l).forget)}
            </button>
        </li>
    }
}

/// «Dernière utilisation le 01/07/2022, à 11:01 – CHU de Rouen».
fn used(lang: Lang, label: fn(Language) -> &'static str, used: UseView) -> impl Fn() -> String {
    let at = dom::local_time(&used.at);
    move || {
        let language = lang.get();
        let words = sessions(language);
        let place = match &used.place {
            PlaceView::Named { name } => name.get(language).to_owned(),
            PlaceView::Local => words.local.to_owned(),
            PlaceView::Address { address } => [words.address, " ", address].concat(),
            PlaceView::Unknown => words.nowhere.to_owned(),
        };
        let when = phrases::moment(language, at);
        [label(language), " ", &when, "\u{a0}– ", &place].concat()
    }
}
