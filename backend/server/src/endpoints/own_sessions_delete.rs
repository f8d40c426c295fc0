//! All of the person's own sessions are ended but the one that asks.

use axum::extract::State;
use axum::http::StatusCode;
use portique_domain::use_cases::sessions::end_others;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;

use crate::http::client::ClientAddress;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    delete, path = paths::OWN_SESSIONS, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 204,
            description = "Ended, and sign-ins that waited for their second step too; also when there was none",
        ),
        WithoutFullSession,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn own_sessions_delete(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    FullSession(of): FullSession,
) -> Result<StatusCode, ApiError> {
    if end_others(&state.tools, &of, address).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(ErrorCode::SessionRequired))
    }
}
