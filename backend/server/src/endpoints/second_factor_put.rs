//! Whether a second factor is asked for at each sign-in, by the person's own choice.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::choose;
use portique_shared::api::paths;
use portique_shared::api::security::{SecondFactorRequest, SecurityView};

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, NoFactorLeft, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    put, path = paths::SECOND_FACTOR, tag = "security", request_body = SecondFactorRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SecurityView), BadBody, WithoutProof, NoFactorLeft, TooOften, WithoutPortal, Anywhere),
)]
pub async fn second_factor_put(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<SecondFactorRequest>,
) -> Result<Json<SecurityView>, ApiError> {
    choose(&state.tools, changer(&client, &of), body.wanted).await?;
    state.outbox_bell.notify_one();
    Ok(Json(security(&state.tools, &client.site.portal, &of).await?))
}
