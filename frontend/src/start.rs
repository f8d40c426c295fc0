//! What both bundles start with: the portal and the language, from the page itself.

use leptos::mount::mount_to;
use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::portal::PORTAL_ELEMENT_ID;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::dom;
use crate::locales::Lang;

/// The element that holds the shell, and then the client.
const ROOT_ELEMENT_ID: &str = "app";

/// Reads the portal, as much of it as the bundle needs, and the language; `None` when the server wrote no portal into the
/// page.
fn from_page<T: DeserializeOwned>() -> Option<(&'static T, Lang)> {
    let document = dom::document();
    let json = document.get_element_by_id(PORTAL_ELEMENT_ID)?.text_content()?;
    let portal: T = serde_json::from_str(&json).ok()?;
    let language = document
        .document_element()
        .and_then(|element| Language::from_tag(&element.get_attribute("lang")?))
        .unwrap_or_default();
    // One portal for the life of the page.
    Some((Box::leak(Box::new(portal)), Lang::new(language)))
}

/// Paints `view` in the place of the static shell. Without what the server writes into the page there is nothing
/// to paint, and the shell stays.
pub fn take_over<T: DeserializeOwned + 'static>(view: impl FnOnce(&'static T, Lang) -> AnyView + 'static) {
    let root = dom::document()
        .get_element_by_id(ROOT_ELEMENT_ID)
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    if let (Some(root), Some((portal, lang))) = (root, from_page()) {
        root.set_inner_html("");
        mount_to(root, move || view(portal, lang)).forget();
    }
}
