//! One of the person's own sessions is ended.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use portique_domain::session::SessionId;
use portique_domain::use_cases::sessions::end;
use portique_shared::api::problem::ErrorCode;
use uuid::Uuid;

use crate::http::client::ClientAddress;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, NotTheirs, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

// Below [`paths::OWN_SESSIONS`](portique_shared::api::paths::OWN_SESSIONS), where the routes' table puts it.
#[utoipa::path(
    delete, path = "/{id}", tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    params(("id" = String, Path, description = "As `GET /api/account/sessions` tells it")),
    responses(
        (status = 204, description = "Ended; its browser finds out at its next request"),
        WithoutFullSession,
        FromAnotherSite,
        NotTheirs,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn own_session_delete(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    FullSession(of): FullSession,
    id: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, ApiError> {
    let id = id.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
    let ended = match id {
        Some(id) => end(&state.tools, &of, SessionId(id), address).await?,
        // What names nothing names nobody's.
        None => false,
    };
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(ErrorCode::NotFound))
    }
}
