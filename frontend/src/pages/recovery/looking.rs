use leptos::prelude::*;
use portique_shared::Language;

use crate::components::Trouble;
use crate::locales::{shell, t};

/// While the server is being asked where a link stands.
#[component]
pub fn Looking(trouble: Trouble, title: fn(Language) -> &'static str) -> impl IntoView {
    let loading = t(|l| shell(l).loading);
    view! {
        <h1 class="for-readers" tabindex="-1">
            {t(title)}
        </h1>
        <p class="loading">{move || (!trouble.any()).then(loading)}</p>
    }
}
