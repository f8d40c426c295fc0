//! One of the person's own browsers is forgotten: the second step is asked there again.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use portique_domain::remembered_browser::BrowserId;
use portique_domain::use_cases::browsers::forget;
use portique_shared::api::problem::ErrorCode;
use uuid::Uuid;

use crate::http::client::ClientAddress;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, NotTheirs, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

// Below [`paths::OWN_BROWSERS`](portique_shared::api::paths::OWN_BROWSERS), where the routes' table puts it.
#[utoipa::path(
    delete, path = "/{id}", tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    params(("id" = String, Path, description = "As `GET /api/account/browsers` tells it")),
    responses(
        (status = 204, description = "Forgotten"),
        WithoutFullSession,
        FromAnotherSite,
        NotTheirs,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn own_browser_delete(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    FullSession(of): FullSession,
    id: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, ApiError> {
    let id = id.ok().and_then(|Path(id)| Uuid::parse_str(&id).ok());
    let forgotten = match id {
        Some(id) => forget(&state.tools, &of, BrowserId(id), address).await?,
        // What names nothing names nobody's.
        None => false,
    };
    if forgotten {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::new(ErrorCode::NotFound))
    }
}
