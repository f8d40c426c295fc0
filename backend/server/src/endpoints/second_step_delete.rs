//! The second step is given up.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::second_step::cancel;
use portique_shared::api::paths;

use crate::http::cookie;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    delete, path = paths::SECOND_STEP, tag = "session",
    responses(
        (
            status = 204, description = "Given up; also when there was none",
            headers(("set-cookie" = String, description = "Takes the step's cookie away")),
        ),
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn second_step_delete(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if let Some(token) = cookie::step_token(&site, &headers) {
        cancel(&state.tools, &token).await?;
    }
    let cookie = AppendHeaders([(SET_COOKIE, cookie::clear_step(&site))]);
    Ok((StatusCode::NO_CONTENT, cookie))
}
