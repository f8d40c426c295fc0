//! «Rester connecté»: the idle time starts anew.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::session::extend;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::SessionState;

use super::session_view::signed_in;
use crate::http::client::ClientAddress;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, WithoutPortal, WithoutSession};
use crate::http::session::AnySession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SESSION_EXTENSION, tag = "session",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SessionState), WithoutSession, FromAnotherSite, WithoutPortal, Anywhere),
)]
pub async fn session_extension_post(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    ClientAddress(address): ClientAddress,
    AnySession(of): AnySession,
) -> Result<Json<SessionState>, ApiError> {
    let extended = extend(&state.tools, &site.portal, of, address)
        .await?
        .ok_or(ApiError::new(ErrorCode::SessionRequired))?;
    Ok(Json(signed_in(&extended, state.tools.clock.now())))
}
