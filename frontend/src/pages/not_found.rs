use leptos::prelude::*;
use portique_shared::api::screens;

use crate::locales::{Text, client, t};
use crate::title::page_title;

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    page_title(Text::Word(|l| client(l).not_found_title));
    view! {
        <div class="sheet slim">
            <section class="panel">
                <h1 tabindex="-1">{t(|l| client(l).not_found_title)}</h1>
                <p>{t(|l| client(l).not_found)}</p>
                <a class="primary" href=screens::HOME>
                    {t(|l| client(l).home)}
                </a>
            </section>
        </div>
    }
}
