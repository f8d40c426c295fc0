//! Whether this browser is signed in. Asking does not extend the session.

use axum::Json;
use axum::extract::State;
use portique_shared::api::paths;
use portique_shared::api::session::SessionState;

use super::session_view::signed_in;
use crate::http::refusals::{Anywhere, WithoutPortal};
use crate::http::session::MaybeSession;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::SESSION, tag = "session",
    security((), ("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SessionState), WithoutPortal, Anywhere),
)]
pub async fn session_get(
    State(state): State<AppState>,
    MaybeSession(session): MaybeSession,
) -> Json<SessionState> {
    Json(session.map_or(SessionState::Anonymous, |of| {
        signed_in(&of, state.tools.clock.now())
    }))
}
