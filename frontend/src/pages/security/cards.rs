use leptos::prelude::*;
use portique_shared::api::screens;

use super::Security;
use super::held::{Held, Kind};
use super::saying::Saying;
use crate::api;
use crate::locales::{card, t};

/// Professional cards: those that the person attached, and the attaching of another.
#[component]
pub(super) fn Cards(page: Security) -> impl IntoView {
    let saying = Saying::nothing();
    let offers = Memo::new(move |_| page.read(|view| view.offers.cards) == Some(true));
    let held = Memo::new(move |_| page.read(|view| !view.cards.is_empty()) == Some(true));
    let is_there = Memo::new(move |_| offers.get() || held.get());
    move || {
        is_there.get().then(|| {
            view! {
                <section class="panel" aria-labelledby="cards-title">
                    <h2 id="cards-title" tabindex="-1">
                        {t(|l| card(l).title)}
                    </h2>
                    <p>{t(|l| card(l).intro)}</p>
                    {move || offers.get().then(|| view! { <ByRecord /> })}
                    <Held page saying kind=Kind::Card title="#cards-title" />
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

/// Says to who has a number on record, of whichever register, that the card of that number needs no attaching.
#[component]
fn ByRecord() -> impl IntoView {
    let account = LocalResource::new(api::account);
    move || {
        // A record that could not be read is told by «Mon compte»; here it takes nothing away.
        let account = account.get().and_then(Result::ok);
        let bears_number = account.is_some_and(|account| account.national_id.is_some());
        bears_number.then(|| view! { <p>{t(|l| card(l).by_record)}</p> })
    }
}
