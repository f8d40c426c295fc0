//! The session's cookie.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue};
use portique_domain::session::SessionToken;

use crate::site::Site;

/// Over TLS the browser itself then refuses the cookie from anywhere but this very host.
pub const SECURE_NAME: &str = "__Host-portique";
/// Over plain HTTP (this machine itself, in the demo) browsers keep no `__Host-` cookie.
pub const PLAIN_NAME: &str = "portique";
/// The language chosen on the page, set by the client.
pub const LANGUAGE_NAME: &str = "lang";

fn name(site: &Site) -> &'static str {
    if site.is_secure() { SECURE_NAME } else { PLAIN_NAME }
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

/// `Set-Cookie` for a new session. It ends with the browser: its life is counted by the server.
pub fn set(site: &Site, token: &SessionToken) -> HeaderValue {
    header(&format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax{}",
        name(site),
        token.as_str(),
        secure(site)
    ))
}

/// `Set-Cookie` that takes it away.
pub fn clear(site: &Site) -> HeaderValue {
    header(&format!(
        "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}",
        name(site),
        secure(site)
    ))
}

fn secure(site: &Site) -> &'static str {
    if site.is_secure() { "; Secure" } else { "" }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a cookie of hexadecimal digits and fixed words")
}
