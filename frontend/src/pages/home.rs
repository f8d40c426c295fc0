use leptos::prelude::*;
use portique_shared::api::page::ServiceView;

use crate::api;
use crate::components::{Loaded, icon};
use crate::dom;
use crate::locales::{Text, client, p, phrases, t, use_lang};
use crate::portal::use_portal;
use crate::session::use_session;
use crate::title::page_title;

/// The person's own page: a greeting, and the services that are open to them.
#[component]
pub fn Home() -> impl IntoView {
    let portal = use_portal();
    let lang = use_lang();
    let session = use_session();
    page_title(Text::Word(|l| client(l).home));
    let services = LocalResource::new(api::services);
    let name = move || session.visit().map(|visit| visit.person.display_name);
    let last = move || {
        session.visit().map(|visit| match visit.last_sign_in_at {
            Some(time) => phrases::last_sign_in(lang.get(), dom::local_time(&time)),
            None => client(lang.get()).first_sign_in.to_owned(),
        })
    };
    view! {
        <div class="sheet">
            <div class="greeting">
                <h1 tabindex="-1">{t(|l| client(l).hello)} " " {name}</h1>
                <p>{last}</p>
                <svg class="greeting-art" aria-hidden="true">
                    <use href="#art"></use>
                </svg>
            </div>
            <section aria-labelledby="services-title">
                <h2 id="services-title">{p(&portal.services_title)}</h2>
                <Loaded from=services view=list />
            </section>
        </div>
    }
}

#[expect(
    clippy::ptr_arg,
    reason = "`Loaded` hands over what the API answered, which is a Vec"
)]
fn list(services: &Vec<ServiceView>) -> AnyView {
    if services.is_empty() {
        return view! { <p class="empty">{t(|l| client(l).no_services)}</p> }.into_any();
    }
    let items = services.iter().cloned().map(card).collect_view();
    view! { <ul class="services">{items}</ul> }.into_any()
}

fn card(service: ServiceView) -> impl IntoView {
    let lang = use_lang();
    let (name, words) = (service.name, service.words);
    view! {
        <li>
            <a class="service" href=service.address>
                <img src=service.picture alt="" width="56" height="56" />
                <span class="service-words">
                    <strong>{move || name.get(lang.get()).to_owned()}</strong>
                    <span>{move || words.get(lang.get()).to_owned()}</span>
                </span>
                {icon("#icon-right")}
            </a>
        </li>
    }
}
