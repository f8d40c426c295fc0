//! What both bundles start with: the portal and the language, from the page itself.

use leptos::mount::mount_to;
use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::portal::{PORTAL_ELEMENT_ID, PortalView};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::dom;
use crate::locales::Lang;
use crate::portal::Portal;

/// The element that holds the shell, and then the client.
const ROOT_ELEMENT_ID: &str = "app";

/// The portal and the language.
#[derive(Clone, Copy)]
pub struct Start {
    portal: Portal,
    lang: Lang,
}

impl Start {
    /// Reads the page; `None` when the server wrote no portal into it.
    fn from_page() -> Option<Self> {
        let document = dom::document();
        let json = document.get_element_by_id(PORTAL_ELEMENT_ID)?.text_content()?;
        let portal: PortalView = serde_json::from_str(&json).ok()?;
        let language = document
            .document_element()
            .and_then(|element| Language::from_tag(&element.get_attribute("lang")?))
            .unwrap_or_default();
        Some(Self {
            // One portal for the life of the page.
            portal: Portal(Box::leak(Box::new(portal))),
            lang: Lang::new(language),
        })
    }

    pub fn provide(self) {
        provide_context(self.portal);
        provide_context(self.lang);
    }
}

/// Paints `view` in the place of the static shell. Without what the server writes into the page there is nothing
/// to paint, and the shell stays.
pub fn take_over(view: impl FnOnce(Start) -> AnyView + 'static) {
    let root = dom::document()
        .get_element_by_id(ROOT_ELEMENT_ID)
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    if let (Some(root), Some(start)) = (root, Start::from_page()) {
        root.set_inner_html("");
        mount_to(root, move || view(start)).forget();
    }
}
