//! What opens one's account: «Sécurité».

use axum::Json;
use axum::extract::State;
use portique_shared::api::paths;
use portique_shared::api::security::SecurityView;

use super::security_view::security;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::SECURITY, tag = "security",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SecurityView), WithoutFullSession, WithoutPortal, Anywhere),
)]
pub async fn security_get(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    FullSession(of): FullSession,
) -> Result<Json<SecurityView>, ApiError> {
    Ok(Json(security(&state.tools, &site.portal, &of).await?))
}
