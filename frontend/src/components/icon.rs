use leptos::prelude::*;

/// A pictogram of the page's own sprite (`#icon-…`, in the static shell), for the eye only.
pub fn icon(name: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true">
            <use href=name></use>
        </svg>
    }
}
