use leptos::prelude::*;
use portique_shared::api::card::CardView;
use portique_shared::api::screens;
use portique_shared::types::NationalId;

use super::Security;
use super::saying::Saying;
use crate::api;
use crate::components::QuietButton;
use crate::dom;
use crate::locales::{card, detach_named, phrases, t, use_lang};

const TITLE: &str = "#cards-title";

/// Professional cards: those that the person attached, and the attaching of another.
#[component]
pub(super) fn Cards(page: Security) -> impl IntoView {
    let saying = Saying::nothing();
    let offers = Memo::new(move |_| page.read(|view| view.offers.cards) == Some(true));
    let held = Memo::new(move |_| page.read(|view| view.cards.clone()).unwrap_or_default());
    let is_there = Memo::new(move |_| offers.get() || held.with(|held| !held.is_empty()));
    move || {
        is_there.get().then(|| {
            view! {
                <section class="panel" aria-labelledby="cards-title">
                    <h2 id="cards-title" tabindex="-1">
                        {t(|l| card(l).title)}
                    </h2>
                    <p>{t(|l| card(l).intro)}</p>
                    {move || offers.get().then(|| view! { <ByRecord /> })}
                    <Held page saying held />
                    {saying.show()}
                    {move || {
                        (page.is_open() && offers.get())
                            .then(|| {
                                view! {
                                    // Loaded anew: it reads its own entry of the tab's history.
                                    <a class="quiet" href=screens::CARD_ATTACH rel="external">
                                        {t(|l| card(l).attach)}
                                    </a>
                                }
                            })
                    }}
                </section>
            }
        })
    }
}

/// Says to who has a number on record that their card needs no attaching.
#[component]
fn ByRecord() -> impl IntoView {
    let account = LocalResource::new(api::account);
    move || {
        // A record that could not be read is told by «Mon compte»; here it takes nothing away.
        let account = account.get().and_then(Result::ok);
        let bears_number =
            account.is_some_and(|account| matches!(account.national_id, Some(NationalId::Rpps(_))));
        bears_number.then(|| view! { <p>{t(|l| card(l).by_record)}</p> })
    }
}

#[component]
fn Held(page: Security, saying: Saying, held: Memo<Vec<CardView>>) -> impl IntoView {
    let detach = Action::new_local(move |id: &String| {
        let id = id.clone();
        async move {
            let answer = api::detach_card(&id).await;
            if page.note(answer, saying, |l| card(l).detached) {
                request_animation_frame(|| dom::focus(TITLE));
            }
        }
    });
    let pending: Signal<bool> = detach.pending().into();
    let take_away = Callback::new(move |id: String| {
        saying.clear();
        detach.dispatch_local(id);
    });
    let none = t(|l| card(l).none_yet);
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
fn Item(page: Security, held: CardView, busy: Signal<bool>, take_away: Callback<String>) -> impl IntoView {
    let lang = use_lang();
    let attached = dom::local_time(&held.attached_at);
    let used = held.last_used_at.as_deref().map(dom::local_time);
    let story = move || {
        let language = lang.get();
        let words = card(language);
        let used = match used {
            Some(used) => [words.last_used, " ", &phrases::date(language, used)].concat(),
            None => words.never_used.to_owned(),
        };
        [
            words.attached_on,
            " ",
            &phrases::date(language, attached),
            ", ",
            &used,
        ]
        .concat()
    };
    let number = held.number.clone();
    let named = Signal::derive(move || detach_named(lang.get(), &number, attached));
    let name = [&held.given_name, " ", &held.family_name, ", ", &held.number].concat();
    let id = held.id;
    let press = Callback::new(move |()| take_away.run(id.clone()));
    view! {
        <li>
            <span>
                <strong>{name}</strong>
                <small>{story}</small>
            </span>
            {move || {
                page.is_open()
                    .then(|| {
                        view! { <QuietButton label=t(|l| card(l).detach) name=named busy press /> }
                    })
            }}
        </li>
    }
}
