//! What the person did in the static shell before the client was there: nothing of it is lost.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTemplateElement};

use crate::dom;

/// What was typed, and where the focus was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub identifier: String,
    pub password: String,
}

/// What the shell hands over, once: a sign-in form opened later starts empty.
#[derive(Clone, Copy)]
pub struct Handover {
    typed: StoredValue<Option<Typed>>,
    focused: StoredValue<Option<String>>,
}

impl Handover {
    /// Reads the shell, which is about to be replaced; and the identifier that the page before left to this entry of the tab's history, for a field
    /// in which nothing was typed.
    pub fn from_shell() -> Self {
        let value = |id| dom::input(id).map(|input| input.value()).unwrap_or_default();
        let mut typed = Typed {
            identifier: value("identifier"),
            password: value("password"),
        };
        if typed.identifier.is_empty() {
            typed.identifier = dom::kept().unwrap_or_default();
        }
        let focused = dom::document()
            .active_element()
            .map(|element| element.id())
            .filter(|id| !id.is_empty());
        Self {
            typed: StoredValue::new(Some(typed)),
            focused: StoredValue::new(focused),
        }
    }

    pub fn take(self) -> Typed {
        self.typed
            .try_update_value(Option::take)
            .flatten()
            .unwrap_or_default()
    }

    /// Puts the focus back where it was; else, where a keyboard is at hand, on the first field that is empty.
    pub fn restore_focus(self) {
        if let Some(id) = self.focused.get_value() {
            dom::focus_in_place(&["#", &id].concat());
        } else if dom::has_keyboard() {
            let known = dom::input("identifier").is_some_and(|input| !input.value().is_empty());
            dom::focus_in_place(if known { "#password" } else { "#identifier" });
        }
    }
}

/// The other screens' head, in the sign-in page: an inert template.
const NEXT_HEAD: &str = "#next";

/// Fetches the other screens' bundle once somebody begins to type, so that it is there when they are signed in. Not
/// before: a first visit has better use for its bytes.
pub fn fetch_next_bundle() {
    let document = dom::document();
    let next = document
        .query_selector(NEXT_HEAD)
        .ok()
        .flatten()
        .and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok());
    let (Some(next), Some(head)) = (next, document.head()) else {
        return;
    };
    // Once: what was taken out is not there a second time.
    next.remove();
    let Ok(links) = next.content().query_selector_all("link") else {
        return;
    };
    for link in (0..links.length()).filter_map(|index| links.get(index)?.dyn_into::<Element>().ok()) {
        // These fail only for malformed names, and a bundle not fetched ahead is fetched later.
        let _ = link.set_attribute("rel", "prefetch");
        let _ = head.append_child(&link);
    }
}
