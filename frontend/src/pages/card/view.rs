//! What the card's pages show.

use leptos::prelude::*;
use portique_shared::Language;

use super::{Page, Shown};
use crate::api::CardPurpose;
use crate::components::{QuietButton, icon};
use crate::locales::{Told, card, t, use_lang};
use crate::portal::use_portal;

/// On the way: what to do when the browser asks, which it does over this very page.
#[component]
pub(super) fn Going(page: Page) -> impl IntoView {
    let lang = use_lang();
    let intro = t(match page.purpose {
        CardPurpose::SignIn => |l| card(l).sign_in_intro,
        CardPurpose::Proof => |l| card(l).proof_intro,
        CardPurpose::Attach => |l| card(l).attach_intro,
    });
    let asking = move || !matches!(page.shown.get(), Shown::Reading);
    let state = move || {
        let words = card(lang.get());
        if page.trouble.any() {
            ""
        } else if asking() {
            words.asking
        } else {
            words.reading
        }
    };
    let steps = move || {
        let steps = card(lang.get()).steps.iter();
        steps.map(|step| view! { <li>{*step}</li> }).collect_view()
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{move || page.title(lang.get())}</h1>
            <p class="lead">{intro}</p>
            {move || asking().then(|| view! { <ol class="steps">{steps}</ol> })}
            <p role="status">{state}</p>
            <div class="actions">
                {move || {
                    let stopped = !page.busy.get() && (asking() || page.trouble.any());
                    stopped
                        .then(|| {
                            view! {
                                <QuietButton
                                    label=t(|l| card(l).retry)
                                    press=Callback::new(move |()| page.retry())
                                />
                            }
                        })
                }}
                <Otherwise page class="quiet" />
            </div>
            <Samples />
        </section>
    }
}

/// Why it ended, and what to do next.
#[component]
pub(super) fn Explained(
    page: Page,
    told: fn(Language) -> &'static Told,
    meanwhile: Option<fn(Language) -> &'static str>,
) -> impl IntoView {
    let lang = use_lang();
    let told = move || told(lang.get());
    let number = move || {
        page.number.get().map(|number| {
            view! {
                <p class="reference">
                    {t(|l| card(l).number)} " " <strong>{number}</strong>
                </p>
            }
        })
    };
    let mends = move || {
        let meanwhile = meanwhile.map(|words| words(lang.get()));
        let mends = told().mend.iter().copied().chain(meanwhile);
        mends.map(|mend| view! { <li>{mend}</li> }).collect_view()
    };
    view! {
        <section class="panel done ended">
            {icon("#icon-card")}
            <h1 tabindex="-1">{move || told().title}</h1>
            <p>{move || told().what}</p>
            {number}
            <div class="nothing">
                <h2>{t(|l| card(l).what_to_do)}</h2>
                <ul>{mends}</ul>
            </div>
            <div class="actions">
                <button
                    type="button"
                    class="primary"
                    aria-disabled=move || page.busy.get().then_some("true")
                    on:click=move |_| page.retry()
                >
                    {icon("#icon-wait")}
                    <span>{t(|l| card(l).retry)}</span>
                </button>
                <Otherwise page class="quiet" />
            </div>
            <Samples />
        </section>
    }
}

/// The card is attached.
#[component]
pub(super) fn Alone(page: Page) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel done">
            {icon("#icon-done")}
            <h1 tabindex="-1">{move || page.title(lang.get())}</h1>
            <p>{t(|l| card(l).attached)}</p>
            <div class="actions">
                <Otherwise page class="primary" />
            </div>
        </section>
    }
}

/// Another way to the same.
#[component]
fn Otherwise(page: Page, class: &'static str) -> impl IntoView {
    let words = t(match page.purpose {
        CardPurpose::SignIn => |l| card(l).sign_in_otherwise,
        CardPurpose::Proof => |l| card(l).prove_otherwise,
        CardPurpose::Attach => |l| card(l).back_to_security,
    });
    view! {
        // Loaded anew: what was read before the card was shown may be true no more.
        <a class=class href=page.otherwise() rel="external">
            {words}
        </a>
    }
}

/// Where the demo's cards come from.
#[component]
fn Samples() -> impl IntoView {
    use_portal().demo.then(|| {
        view! {
            <p>
                <a href="/demo/cards" rel="external">
                    {t(|l| card(l).samples)}
                </a>
            </p>
        }
    })
}
