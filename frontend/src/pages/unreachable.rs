use leptos::prelude::*;

use crate::locales::{Text, common, t};
use crate::session::use_session;
use crate::title::page_title;

/// The server does not answer, and the page depends on it.
#[component]
pub fn Unreachable() -> impl IntoView {
    page_title(Text::Word(|l| common(l).unreachable));
    let session = use_session();
    view! {
        <div class="sheet slim">
            <section class="panel" role="alert">
                <h1 tabindex="-1">{t(|l| common(l).unreachable)}</h1>
                <p>{t(|l| common(l).unreachable_help)}</p>
                <button type="button" class="primary" on:click=move |_| session.retry()>
                    {t(|l| common(l).retry)}
                </button>
            </section>
        </div>
    }
}
