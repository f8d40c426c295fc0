//! The cookies: the session's, the second step's, that of a browser which stands in for it, and a card's ceremony's.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use jiff::SignedDuration;
use portique_domain::card_ceremony::{CEREMONY_LIFETIME, CeremonyToken};
use portique_domain::remembered_browser::BrowserToken;
use portique_domain::second_step::StepToken;
use portique_domain::session::SessionToken;

use crate::site::Site;

/// Over TLS the browser itself then refuses the cookie from anywhere but this very host.
pub const SECURE_NAME: &str = "__Host-portique";
/// Over plain HTTP (this machine itself, in the demo) browsers keep no `__Host-` cookie.
pub const PLAIN_NAME: &str = "portique";
/// The same two for a sign-in that waits for its second step.
pub const SECURE_STEP_NAME: &str = "__Host-portique-step";
pub const PLAIN_STEP_NAME: &str = "portique-step";
/// The same two for a browser that stands in for the second step.
pub const SECURE_BROWSER_NAME: &str = "__Host-portique-browser";
pub const PLAIN_BROWSER_NAME: &str = "portique-browser";
/// The same two for a card's ceremony.
pub const SECURE_CARD_NAME: &str = "__Host-portique-card";
pub const PLAIN_CARD_NAME: &str = "portique-card";
/// The language chosen on the page, set by the client.
pub const LANGUAGE_NAME: &str = "lang";

fn name(site: &Site) -> &'static str {
    if site.is_secure() { SECURE_NAME } else { PLAIN_NAME }
}

fn step_name(site: &Site) -> &'static str {
    if site.is_secure() {
        SECURE_STEP_NAME
    } else {
        PLAIN_STEP_NAME
    }
}

fn browser_name(site: &Site) -> &'static str {
    if site.is_secure() {
        SECURE_BROWSER_NAME
    } else {
        PLAIN_BROWSER_NAME
    }
}

fn card_name(site: &Site) -> &'static str {
    if site.is_secure() {
        SECURE_CARD_NAME
    } else {
        PLAIN_CARD_NAME
    }
}

/// The value of the cookie called `name`.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            pair.trim()
                .split_once('=')
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value)
        })
}

/// The session token that the browser holds for this portal, if any.
pub fn session_token(site: &Site, headers: &HeaderMap) -> Option<SessionToken> {
    read(headers, name(site))
        .filter(|value| !value.is_empty())
        .map(SessionToken::from_cookie)
}

/// The token of the sign-in that waits in this browser for its second step, if one does.
pub fn step_token(site: &Site, headers: &HeaderMap) -> Option<StepToken> {
    read(headers, step_name(site))
        .filter(|value| !value.is_empty())
        .map(StepToken::from_cookie)
}

/// The token by which the browser stands in for the second step, if it does.
pub fn browser_token(site: &Site, headers: &HeaderMap) -> Option<BrowserToken> {
    read(headers, browser_name(site))
        .filter(|value| !value.is_empty())
        .map(BrowserToken::from_cookie)
}

/// The token of the card's ceremony that was begun in this browser, if one was.
pub fn card_token(site: &Site, headers: &HeaderMap) -> Option<CeremonyToken> {
    read(headers, card_name(site))
        .filter(|value| !value.is_empty())
        .map(CeremonyToken::from_cookie)
}

/// `Set-Cookie` for a card's ceremony, which it outlives by nothing.
pub fn set_card(site: &Site, token: &CeremonyToken) -> HeaderValue {
    header(&format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
        card_name(site),
        token.as_str(),
        CEREMONY_LIFETIME.as_secs(),
        secure(site)
    ))
}

/// `Set-Cookie` that takes it away.
pub fn clear_card(site: &Site) -> HeaderValue {
    gone(site, card_name(site))
}

/// `Set-Cookie` for a browser that stands in for the second step. It outlives the browser's end: that is what it is for.
pub fn set_browser(site: &Site, token: &BrowserToken, length: SignedDuration) -> HeaderValue {
    header(&format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}",
        browser_name(site),
        token.as_str(),
        length.as_secs(),
        secure(site)
    ))
}

/// `Set-Cookie` for a new session. It ends with the browser: its life is counted by the server.
pub fn set(site: &Site, token: &SessionToken) -> HeaderValue {
    kept(site, name(site), token.as_str())
}

/// `Set-Cookie` that takes it away.
pub fn clear(site: &Site) -> HeaderValue {
    gone(site, name(site))
}

/// `Set-Cookie` for a sign-in that waits for its second step.
pub fn set_step(site: &Site, token: &StepToken) -> HeaderValue {
    kept(site, step_name(site), token.as_str())
}

/// `Set-Cookie` that takes it away.
pub fn clear_step(site: &Site) -> HeaderValue {
    gone(site, step_name(site))
}

fn kept(site: &Site, name: &str, value: &str) -> HeaderValue {
    header(&format!(
        "{name}={value}; Path=/; HttpOnly; SameSite=Lax{}",
        secure(site)
    ))
}

fn gone(site: &Site, name: &str) -> HeaderValue {
    header(&format!(
        "{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
        secure(site)
    ))
}

fn secure(site: &Site) -> &'static str {
    if site.is_secure() { "; Secure" } else { "" }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a cookie of hexadecimal digits, a number and fixed words")
}
