//! Health: whether the process lives, whether it can serve.

use axum::Json;
use axum::extract::State;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, Problem};
use serde::Serialize;

use crate::http::problem::ApiError;
use crate::http::refusals::Anywhere;
use crate::state::AppState;

/// `{"status":"up"}`.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    status: &'static str,
}

#[utoipa::path(
    get, path = paths::HEALTH_LIVE, tag = "health",
    responses((status = 200, body = Health), Anywhere),
)]
pub async fn health_live() -> Json<Health> {
    Json(Health { status: "up" })
}

#[utoipa::path(
    get, path = paths::HEALTH_READY, tag = "health",
    responses(
        (status = 200, body = Health),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "The database does not answer"),
        Anywhere,
    ),
)]
pub async fn health_ready(State(state): State<AppState>) -> Result<Json<Health>, ApiError> {
    state
        .tools
        .store
        .ping()
        .await
        .map_err(|error| ApiError::detailed(ErrorCode::NotReady, error))?;
    Ok(Json(Health { status: "up" }))
}
