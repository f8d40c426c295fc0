use leptos::prelude::*;

use crate::locales::{client, t};

/// The star of a required field, for the eye only: `required` tells it to screen readers.
pub fn star() -> impl IntoView {
    view! { <span aria-hidden="true">" *"</span> }
}

/// What the stars of a form mean, for who sees them: once, before its first field.
#[component]
pub fn Stars() -> impl IntoView {
    view! {
        <p class="hint stars" aria-hidden="true">
            {t(|l| client(l).starred)}
        </p>
    }
}
