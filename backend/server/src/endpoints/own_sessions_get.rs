//! The sessions of the person signed in.

use axum::Json;
use axum::extract::State;
use portique_domain::session::Session;
use portique_domain::use_cases::sessions::list;
use portique_shared::api::own_sessions::OwnSession;
use portique_shared::api::paths;

use super::own_session_view::{browser_view, use_view};
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::OWN_SESSIONS, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = Vec<OwnSession>), WithoutFullSession, WithoutPortal, Anywhere),
)]
pub async fn own_sessions_get(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    FullSession(of): FullSession,
) -> Result<Json<Vec<OwnSession>>, ApiError> {
    let sessions = list(&state.tools, &of).await?;
    let view = |session: &Session| OwnSession {
        id: session.id.0.to_string(),
        current: session.id == of.session.id,
        browser: browser_view(session.browser),
        started: use_view(&site, session.started),
        last_used: use_view(&site, session.last_used),
    };
    Ok(Json(sessions.iter().map(view).collect()))
}
