use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portique_shared::api::page::PageView;

use crate::api;
use crate::components::Loaded;
use crate::locales::{p, use_lang};
use crate::portal::use_front;
use crate::title::page_title;

/// A page of the portal's configuration: legal notice, contacts.
#[component]
pub fn Page() -> impl IntoView {
    let params = use_params_map();
    // Another page of the portal is the same route: painted anew when its slug changes.
    move || page(&params.read().get("slug").unwrap_or_default())
}

fn page(slug: &str) -> AnyView {
    let link = use_front().pages.iter().find(|page| page.slug == slug);
    match link {
        None => view! { <super::NotFound /> }.into_any(),
        Some(link) => {
            page_title(crate::locales::Text::Portal(&link.title));
            let page = LocalResource::new(|| api::page(&link.slug));
            view! {
                <div class="sheet narrow">
                    <article class="panel prose">
                        <h1 tabindex="-1">{p(&link.title)}</h1>
                        <Loaded from=page view=prose />
                    </article>
                </div>
            }
            .into_any()
        }
    }
}

/// The server made this HTML from Markdown, with any raw HTML shown as text.
fn prose(page: &PageView) -> AnyView {
    let lang = use_lang();
    let html = page.html.clone();
    view! { <div inner_html=move || html.get(lang.get()).to_owned()></div> }.into_any()
}
