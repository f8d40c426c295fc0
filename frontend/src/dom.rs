//! What the client asks of the browser outside Leptos's views.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, FocusOptions, HtmlElement, HtmlInputElement, VisibilityState, Window};

use crate::locales::phrases::LocalTime;

/// The browser's window: the client runs nowhere else.
pub fn window() -> Window {
    leptos::prelude::window()
}

pub fn document() -> Document {
    leptos::prelude::document()
}

/// The browser's clock, in milliseconds since 1970: for lengths of time, and to know how far it is from the
/// server's.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 stay far below 2^53"
)]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads it; the session's clock corrects it by the server's"
)]
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// An RFC 3339 time in milliseconds since 1970; 0 when it is none.
#[expect(
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 stay far below 2^53"
)]
pub fn millis(time: &str) -> i64 {
    js_sys::Date::parse(time) as i64
}

/// An RFC 3339 time on the person's own clock and calendar.
pub fn local_time(time: &str) -> LocalTime {
    let date = js_sys::Date::new(&JsValue::from_str(time));
    LocalTime {
        year: date.get_full_year(),
        month: date.get_month() + 1,
        day: date.get_date(),
        hour: date.get_hours(),
        minute: date.get_minutes(),
    }
}

/// A text in Unicode's NFC form, as the server hashes and reckons passwords.
pub fn nfc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

/// Puts the focus on an element of the page, if it is there.
pub fn focus(selector: &str) {
    if let Some(element) = html(selector) {
        // An element that refuses the focus leaves it where it is: nothing to mend.
        let _ = element.focus();
    }
}

/// The same, without moving the page under the person's eyes.
pub fn focus_in_place(selector: &str) {
    if let Some(element) = html(selector) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

fn html(selector: &str) -> Option<HtmlElement> {
    document()
        .query_selector(selector)
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

/// An input of the page, by its identifier.
pub fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Remembers a choice for a year in a cookie that the server reads too.
pub fn remember(name: &str, value: &str) {
    let secure = if window()
        .location()
        .protocol()
        .is_ok_and(|scheme| scheme == "https:")
    {
        "; Secure"
    } else {
        ""
    };
    let cookie = [
        name,
        "=",
        value,
        "; Path=/; Max-Age=31536000; SameSite=Lax",
        secure,
    ]
    .concat();
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        // A browser that refuses cookies asks again next time.
        let _ = document.set_cookie(&cookie);
    }
}

/// Whether the device is used with a mouse or a touchpad: then a keyboard is at hand too, and no keyboard on the
/// screen would jump up at the focus.
pub fn has_keyboard() -> bool {
    window()
        .match_media("(hover: hover) and (pointer: fine)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}

/// Whether the page is on the screen, and not behind another tab.
pub fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Loads another page of this site in the place of this one.
pub fn load(address: &str) {
    // An address of this site is never refused.
    let _ = window().location().replace(address);
}

/// Goes to another page, of whatever site, as a link would.
pub fn go(address: &str) {
    // Refused only for what is no address.
    let _ = window().location().assign(address);
}

/// Loads what stands at the page's address.
pub fn reload() {
    // Refused only to a page that has none.
    let _ = window().location().reload();
}

/// The address's path.
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// What stands after the address's `#`, or nothing.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Shows another address of this site for the same page, and forgets the one before. `keep`: what the page, loaded anew,
/// finds again ([`kept`]).
pub fn rename(address: &str, keep: &str) {
    if let Ok(history) = window().history() {
        // Refused only for another site's address.
        let _ = history.replace_state_with_url(&JsValue::from_str(keep), "", Some(address));
    }
}

/// What the page, loaded anew, finds again ([`kept`]), in the place of what it kept before.
pub fn keep(text: Option<&str>) {
    if let Ok(history) = window().history() {
        let state = text.map_or(JsValue::NULL, JsValue::from_str);
        // Refused only when called hundreds of times in a row.
        let _ = history.replace_state(&state, "");
    }
}

/// What [`rename`] or [`keep`] kept for this entry of the tab's history.
pub fn kept() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}

/// A value of the address's query.
pub fn query(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Puts a text on the clipboard; false where the browser does not let it.
pub async fn copy(text: &str) -> bool {
    let written = window().navigator().clipboard().write_text(text);
    wasm_bindgen_futures::JsFuture::from(written).await.is_ok()
}

/// Opens the browser's dialog of printing.
pub fn print() {
    // A browser that can't print does nothing.
    let _ = window().print();
}
