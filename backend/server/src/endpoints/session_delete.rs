//! Signing out.

use axum::extract::State;
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::second_step::cancel;
use portique_domain::use_cases::sign_out::sign_out;
use portique_shared::api::paths;

use crate::http::client::ClientAddress;
use crate::http::cookie;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, WithoutPortal};
use crate::state::AppState;

/// Takes away what the browser kept of the pages. Not the cookies: that would take the chosen language too; the session's is
/// taken away by itself.
const CLEAR_SITE_DATA: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cache\", \"storage\""),
);

#[utoipa::path(
    delete, path = paths::SESSION, tag = "session",
    security((), ("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 204, description = "Signed out; also when there was no session",
            headers(
                ("set-cookie" = String, description = "Takes the session's cookie away"),
                ("clear-site-data" = String, description = "What the browser is to forget of the pages"),
            ),
        ),
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn session_delete(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = cookie::session_token(&site, &headers) {
        sign_out(&state.tools, &site.portal, &token, address).await?;
    }
    let step = cookie::step_token(&site, &headers);
    if let Some(step) = &step {
        cancel(&state.tools, step).await?;
    }
    let gone = [cookie::clear(&site)]
        .into_iter()
        .chain(step.map(|_| cookie::clear_step(&site)));
    let gone = gone.map(|cookie| (SET_COOKIE, cookie));
    let headers = AppendHeaders(gone.chain([CLEAR_SITE_DATA]).collect::<Vec<_>>());
    Ok((StatusCode::NO_CONTENT, headers))
}
