//! Requests that change something must come from the portal's own pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portique_shared::api::problem::ErrorCode;

use super::portal::host_of;
use super::problem::ApiError;
use crate::site::Sites;
use crate::state::AppState;

/// Refuses what another site's page sends. Programs, which send neither header, hold no browser's cookie.
pub async fn refuse_cross_site(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_from_the_portal(&state.sites, &request) {
        next.run(request).await
    } else {
        ApiError::new(ErrorCode::CrossSiteRefused).into_response()
    }
}

/// A host that leads to no portal has no scheme to compare with; such a request is refused further in.
fn is_from_the_portal(sites: &Sites, request: &Request) -> bool {
    let host = host_of(request.uri(), request.headers()).unwrap_or_default();
    let scheme = sites.by_host(host).map(|site| site.scheme());
    is_same_origin(request.headers(), scheme, host)
}

/// `same-site` is not enough: a neighbour under the same domain is another site to us, and so is the page in clear of a
/// portal that is reached over TLS, which whoever sits on the way may have written.
fn is_same_origin(headers: &HeaderMap, scheme: Option<&str>, host: &str) -> bool {
    let text = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("unreadable"))
    };
    let by_fetch = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let by_origin = text("origin").is_none_or(|origin| {
        origin.split_once("://").is_some_and(|(by, authority)| {
            scheme.is_none_or(|scheme| scheme == by) && authority.eq_ignore_ascii_case(host)
        })
    });
    by_fetch && by_origin
}

#[cfg(test)]
mod tests {
    use axum::http::header::ORIGIN;
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn accepted(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_same_origin(&headers, Some("http"), "paca.localhost:8080")
    }

    #[test]
    fn the_portals_own_pages_and_programs_are_served() {
        assert!(accepted(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://paca.localhost:8080")
        ]));
        assert!(accepted(&[]));
    }

    #[test]
    fn a_page_in_clear_is_not_the_portals_where_the_portal_is_reached_over_tls() {
        let from = |origin| HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static(origin))]);
        let host = "paca.example";
        assert!(is_same_origin(&from("https://paca.example"), Some("https"), host));
        assert!(!is_same_origin(&from("http://paca.example"), Some("https"), host));
        assert!(is_same_origin(&from("http://paca.example"), None, host));
    }

    #[test]
    fn other_sites_neighbours_and_opaque_origins_are_not() {
        assert!(!accepted(&[("sec-fetch-site", "cross-site")]));
        assert!(!accepted(&[("sec-fetch-site", "same-site")]));
        assert!(!accepted(&[("origin", "http://evil.example")]));
        assert!(!accepted(&[("origin", "null")]));
        assert!(!accepted(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://normandie.localhost:8080")
        ]));
    }
}
