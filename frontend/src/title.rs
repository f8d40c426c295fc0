//! A title for each page, for the browser's tabs and for screen readers.

use leptos::prelude::*;
use portique_shared::Language;

use crate::dom;
use crate::locales::{Text, use_lang};
use crate::portal::use_front;

/// Titles the document with the page's name and the portal's, in the screens' language.
pub fn page_title(name: Text) {
    let lang = use_lang();
    let front = use_front();
    Effect::new(move |_| {
        let language = lang.get();
        dom::document().set_title(&[name.get(language), " – ", front.title.get(language)].concat());
    });
}

/// The same for a page whose name changes with what it shows. `name` is tracked.
pub fn page_title_of(name: impl Fn() -> Text + 'static) {
    page_title_in(move |language| name().get(language));
}

/// The same where the language alone makes a word of the name. `name` is tracked.
pub fn page_title_in(name: impl Fn(Language) -> &'static str + 'static) {
    let lang = use_lang();
    let front = use_front();
    Effect::new(move |_| {
        let language = lang.get();
        let name = name(language);
        dom::document().set_title(&[name, " – ", front.title.get(language)].concat());
    });
}
