use leptos::prelude::*;
use portique_shared::api::screens;

use super::icon::icon;
use crate::locales::{p, shell, t};
use crate::portal::use_portal;

/// The portal's name; `person` is who is signed in, if the page knows.
#[component]
pub fn Header(person: AnyView) -> impl IntoView {
    let portal = use_portal();
    view! {
        <a class="skip" href="#content">
            {t(|l| shell(l).skip_to_content)}
        </a>
        {portal
            .demo
            .then(|| {
                view! {
                    <aside class="demo">
                        {t(|l| shell(l).demo)} " "
                        <a href="/demo/mailbox">{t(|l| shell(l).demo_mailbox)}</a>
                    </aside>
                }
            })}
        <header class="top">
            <div class="top-inner">
                <a class="brand" href=screens::HOME>
                    {icon("#mark")}
                    <span>
                        <strong>{p(&portal.title)}</strong>
                        <small>{p(&portal.tagline)}</small>
                    </span>
                </a>
                {person}
            </div>
        </header>
    }
}
