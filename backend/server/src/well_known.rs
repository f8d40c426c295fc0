//! `/.well-known`: where password managers and those who found a hole look.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::IntoResponse;
use jiff::SignedDuration;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;

use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::state::AppState;
use axum::extract::State;

/// A change of password is one redirect away, by the W3C's convention.
pub async fn change_password() -> impl IntoResponse {
    (StatusCode::FOUND, [(LOCATION, screens::CHANGE_PASSWORD)])
}

/// RFC 9116; `Expires` stays half a year ahead.
pub async fn security_txt(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
) -> impl IntoResponse {
    let expires = state.tools.clock.now() + SignedDuration::from_hours(24 * 180);
    let portal = &site.portal;
    let text = format!(
        "Contact: mailto:{}\nExpires: {expires:.0}\nPreferred-Languages: fr, en\nCanonical: {}/.well-known/security.txt\n",
        portal.support.email, portal.public_url
    );
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// Nothing here: a page answering 200 would make password managers believe the convention is kept for anything.
pub async fn not_found() -> ApiError {
    ApiError::new(ErrorCode::NotFound)
}
