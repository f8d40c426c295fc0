//! Which portal a request is for: its host says.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use portique_shared::api::problem::ErrorCode;

use super::problem::ApiError;
use crate::site::{Site, Sites};
use crate::state::AppState;

/// The portal that the request's host leads to; without one the request is refused (421).
pub struct CurrentSite(pub Arc<Site>);

impl FromRequestParts<AppState> for CurrentSite {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let host = host_of(&parts.uri, &parts.headers).unwrap_or_default();
        state
            .sites
            .by_host(host)
            .cloned()
            .map(Self)
            .ok_or(ApiError::new(ErrorCode::UnknownPortal))
    }
}

/// The same for layers, which see the request whole.
pub fn site_of(sites: &Sites, request: &Request) -> Option<Arc<Site>> {
    sites.by_host(host_of(request.uri(), request.headers())?).cloned()
}

/// The host asked for: the request line's in HTTP/2 or absolute form, else the header's.
pub fn host_of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    uri.authority()
        .map(axum::http::uri::Authority::as_str)
        .or_else(|| headers.get(HOST).and_then(|host| host.to_str().ok()))
}
