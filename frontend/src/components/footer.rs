use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::screens;

use super::icon::icon;
use crate::dom;
use crate::locales::{p, shell, t, use_lang};
use crate::portal::use_front;

/// Support, the portal's pages and the language: at the same place on every page.
#[component]
pub fn Footer() -> impl IntoView {
    let front = use_front();
    let support = &front.support;
    let pages = front
        .pages
        .iter()
        .map(|page| {
            view! {
                <li>
                    <a href=[screens::PAGES, "/", &page.slug].concat()>{p(&page.title)}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <footer class="foot">
            <div class="foot-inner">
                <section class="support" aria-labelledby="support-title">
                    <h2 id="support-title">{t(|l| shell(l).support)}</h2>
                    <p class="support-name">{p(&support.name)}</p>
                    <a href=["tel:", &support.phone_link].concat()>
                        {icon("#icon-phone")} {support.phone.as_str()}
                    </a>
                    <a href=["mailto:", &support.email].concat()>
                        {icon("#icon-mail")} {support.email.as_str()}
                    </a>
                </section>
                <nav class="about" aria-label=t(|l| shell(l).about)>
                    <ul>{pages}</ul>
                </nav>
                <div class="languages" role="group" aria-label=t(|l| shell(l).language)>
                    {Language::ALL.map(language_button).collect_view()}
                </div>
            </div>
        </footer>
    }
}

fn language_button(language: Language) -> impl IntoView {
    let lang = use_lang();
    let name = match language {
        Language::Fr => "Français",
        Language::En => "English",
    };
    view! {
        <button
            type="button"
            lang=language.tag()
            aria-pressed=move || if lang.get() == language { "true" } else { "false" }
            on:click=move |_| {
                lang.set(language);
                dom::remember("lang", language.tag());
            }
        >
            {name}
        </button>
    }
}
