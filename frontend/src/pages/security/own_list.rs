//! What the lists of sessions and of remembered browsers are made of.

use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::own_sessions::{BrowserView, OwnBrowser, OwnSession, PlaceView, UseView};

use super::sessions::{Own, Wanted};
use crate::components::QuietButton;
use crate::dom;
use crate::locales::{Lang, phrases, sessions, t, use_lang};

/// One of «Mes sessions».
pub(super) fn session_item(own: Own, session: OwnSession) -> impl IntoView {
    let lang = use_lang();
    let OwnSession {
        id,
        current,
        browser,
        started,
        last_used,
    } = session;
    let once = started == last_used;
    let name = browser_name(lang, browser);
    let since = dom::local_time(&started.at);
    let named = Signal::derive(move || {
        let words = sessions(lang.get());
        let since = [words.started, " ", &phrases::moment(lang.get(), since)].concat();
        named(lang.get(), words.end, &name.get(), &since)
    });
    let end = Callback::new(move |()| own.want(Wanted::End(id.clone())));
    view! {
        <li>
            <p class="session-name">
                <strong>{name}</strong>
                {current.then(|| view! { " " <span class="badge">{t(|l| sessions(l).current)}</span> })}
            </p>
            <p>{used(lang, |l| sessions(l).last_used, last_used)}</p>
            {(!once).then(|| view! { <p class="hint">{used(lang, |l| sessions(l).started, started)}</p> })}
            {(!current)
                .then(|| {
                    view! { <QuietButton label=t(|l| sessions(l).end) name=named busy=own.busy press=end /> }
                })}
        </li>
    }
}

/// One of «Postes mémorisés».
pub(super) fn browser_item(own: Own, remembered: OwnBrowser) -> impl IntoView {
    let lang = use_lang();
    let OwnBrowser {
        id,
        current,
        browser,
        last_used,
        expires_at,
        ..
    } = remembered;
    let name = browser_name(lang, browser);
    let until = dom::local_time(&expires_at);
    let until = Signal::derive(move || {
        let language = lang.get();
        [sessions(language).until, " ", &phrases::moment(language, until)].concat()
    });
    let named = Signal::derive(move || {
        let words = sessions(lang.get());
        named(lang.get(), words.forget, &name.get(), &until.get())
    });
    let forget = Callback::new(move |()| own.want(Wanted::Forget(id.clone())));
    view! {
        <li>
            <p class="session-name">
                <strong>{name}</strong>
                {current.then(|| view! { " " <span class="badge">{t(|l| sessions(l).current_browser)}</span> })}
            </p>
            <p>{until}</p>
            <p class="hint">{used(lang, |l| sessions(l).last_used, last_used)}</p>
            <QuietButton label=t(|l| sessions(l).forget) name=named busy=own.busy press=forget />
        </li>
    }
}

fn browser_name(lang: Lang, browser: BrowserView) -> Signal<String> {
    Signal::derive(move || sessions(lang.get()).browser(browser.family.as_deref(), browser.system.as_deref()))
}

/// «Oublier : Firefox sur Windows, Mémorisé jusqu’au 01/07/2022, à 11:01»: what a button does, to what, and which of those.
fn named(language: Language, label: &str, browser: &str, which: &str) -> String {
    [&phrases::label(language, label), browser, ", ", which].concat()
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
