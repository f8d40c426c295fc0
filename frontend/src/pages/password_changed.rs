use leptos::prelude::*;
use portique_shared::api::screens;

use crate::components::icon;
use crate::locales::{Text, client, t};
use crate::title::page_title;

/// The confirmation of a change of password.
#[component]
pub fn PasswordChanged() -> impl IntoView {
    page_title(Text::Word(|l| client(l).changed_title));
    view! {
        <div class="sheet slim">
            <section class="panel done">
                {icon("#icon-done")}
                <h1 tabindex="-1">{t(|l| client(l).changed_title)}</h1>
                <p>{t(|l| client(l).changed)}</p>
                <a class="primary" href=screens::HOME>
                    {t(|l| client(l).go_on)}
                </a>
            </section>
        </div>
    }
}
