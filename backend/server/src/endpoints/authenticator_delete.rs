//! An authenticator is removed.

use axum::Json;
use axum::extract::{Path, State};
use portique_domain::authenticator::AuthenticatorId;
use portique_domain::use_cases::security::remove;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::SecurityView;
use uuid::Uuid;

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NoFactorLeft, NotOffered, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    delete, path = "/{id}", tag = "security",
    params(("id" = String, Path, description = "As `GET /api/account/security` lists it")),
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SecurityView), WithoutProof, NotOffered, NoFactorLeft, TooOften, WithoutPortal, Anywhere),
)]
pub async fn authenticator_delete(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    Path(id): Path<String>,
) -> Result<Json<SecurityView>, ApiError> {
    let id = Uuid::parse_str(&id).map_err(|_| ApiError::new(ErrorCode::NotFound))?;
    remove(&state.tools, changer(&client, &of), AuthenticatorId(id)).await?;
    state.outbox_bell.notify_one();
    Ok(Json(security(&state.tools, &client.site.portal, &of).await?))
}
