use leptos::prelude::*;
use portique_shared::api::screens;

use super::icon::icon;
use crate::locales::{p, shell, t};
use crate::portal::use_front;

/// The portal's name; `person` is who is signed in, if the page knows.
#[component]
pub fn Header(person: AnyView) -> impl IntoView {
    let front = use_front();
    view! {
        <a class="skip" href="#content">
            {t(|l| shell(l).skip_to_content)}
        </a>
        {front
            .demo
            .then(|| {
                view! {
                    <aside class="demo">
                        {t(|l| shell(l).demo)} " "
                        // No screen of the client: the browser itself goes there.
                        <a href="/demo/mailbox" rel="external">{t(|l| shell(l).demo_mailbox)}</a>
                    </aside>
                }
            })}
        <header class="top">
            <div class="top-inner">
                <a class="brand" href=screens::HOME>
                    {icon("#mark")}
                    <span>
                        <strong>{p(&front.title)}</strong>
                        <small>{p(&front.tagline)}</small>
                    </span>
                </a>
                {person}
            </div>
        </header>
    }
}
