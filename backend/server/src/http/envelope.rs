//! Around every answer: a request id, the error's body, the headers that hold everywhere, a line in the log.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use portique_domain::entropy::random_bytes;
use portique_shared::api::problem::{ErrorCode, PROBLEM_MEDIA_TYPE, Problem};

use super::portal::site_of;
use super::problem::ApiError;
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What no screen of Portique uses. Codes out of SMS (`otp-credentials`) are the page's own alone by default, and a word here
/// is paid for with every file of the first visit.
const PERMISSIONS_POLICY: &str =
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()";

/// For answers that are no page: nothing may be loaded, nobody may frame them. Pages bring their own policy.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Two years, as browsers' preload lists ask.
pub const STRICT_TRANSPORT: &str = "max-age=63072000; includeSubDomains";

/// The outermost layer.
pub async fn envelope(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = hex::encode(random_bytes::<8>(state.tools.entropy.as_ref()));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let site = site_of(&state.sites, &request);
    let secure = site.as_ref().is_some_and(|site| site.is_secure());
    let portal = site.map(|site| site.portal.name.clone());
    let started = state.tools.clock.now();

    let mut response = next.run(request).await;
    let error = error_of(&mut response);
    if let Some(error) = &error {
        write_problem(&mut response, error, &id);
    }
    let headers = response.headers_mut();
    set_common_headers(headers, secure);
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }

    let milliseconds = state.tools.clock.now().duration_since(started).as_millis();
    let status = response.status().as_u16();
    let portal = portal.as_ref().map_or("-", |name| name.as_str());
    // The route's pattern, not the path: a path may hold what somebody typed.
    let route = route.as_deref().unwrap_or("-");
    let detail = error.and_then(|error| error.detail).unwrap_or_default();
    if status >= 500 && !detail.is_empty() {
        tracing::error!(%method, route, status, milliseconds, portal, request_id = %id, detail, "request failed");
    } else {
        tracing::debug!(%method, route, status, milliseconds, portal, request_id = %id, detail, "request");
    }
    response
}

/// The error that a handler gave, or the one that the router's own refusals stand for.
fn error_of(response: &mut Response) -> Option<ApiError> {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        return Some(error);
    }
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(ApiError::new(ErrorCode::MethodNotAllowed)),
        _ => None,
    }
}

fn write_problem(response: &mut Response, error: &ApiError, id: &str) {
    let status = error.status();
    let problem = Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or("Error").into(),
        status: status.as_u16(),
        code: error.code,
        request_id: id.to_owned(),
        fields: error.fields.clone(),
        retry_after: error.retry_after,
        card_number: error.card_number.clone(),
    };
    *response.status_mut() = status;
    // A struct of strings and numbers always serialises.
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA_TYPE));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

fn set_common_headers(headers: &mut HeaderMap, secure: bool) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(STRICT_TRANSPORT),
        );
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(API_POLICY));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

/// A page's policy: its own files, and the inline scripts and styles that `hashes` name.
pub fn page_policy(script_hashes: &[String], style_hashes: &[String]) -> String {
    let mut policy = String::from("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
    for hash in script_hashes {
        // Writing to a String can't fail.
        let _ = write!(policy, " 'sha256-{hash}'");
    }
    policy.push_str("; style-src 'self'");
    for hash in style_hashes {
        let _ = write!(policy, " 'sha256-{hash}'");
    }
    policy.push_str(
        "; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
    );
    policy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_its_own_pictures_and_those_that_an_answer_holds_as_the_captchas() {
        let policy = page_policy(&[], &[]);
        assert!(policy.contains("; img-src 'self' data:; "), "{policy}");
        assert!(
            !policy.replace("img-src 'self' data:", "").contains("data:"),
            "{policy}"
        );
    }
}
