//! A card is detached from its person's account.

use axum::Json;
use axum::extract::{Path, State};
use portique_domain::card_ceremony::AccountCardId;
use portique_domain::use_cases::security::detach_card;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::SecurityView;
use uuid::Uuid;

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NotTheirs, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    delete, path = "/{id}", tag = "security",
    params(("id" = String, Path, description = "As `GET /api/account/security` lists it")),
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = SecurityView), WithoutProof, NotTheirs, WithoutPortal, Anywhere),
)]
pub async fn card_delete(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    Path(id): Path<String>,
) -> Result<Json<SecurityView>, ApiError> {
    let id = Uuid::parse_str(&id).map_err(|_| ApiError::new(ErrorCode::NotFound))?;
    detach_card(&state.tools, changer(&client, &of), AccountCardId(id)).await?;
    state.outbox_bell.notify_one();
    Ok(Json(security(&state.tools, &client.site.portal, &of).await?))
}
