//! Ten new recovery codes, shown once; those before are good for nothing then.

use axum::Json;
use axum::extract::State;
use portique_domain::recovery_code::RecoveryCodeText;
use portique_domain::use_cases::security::make_recovery_codes;
use portique_shared::api::paths;
use portique_shared::api::security::RecoveryCodesMade;

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NotOffered, TooMuch, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::RECOVERY_CODES, tag = "security",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = RecoveryCodesMade), WithoutProof, NotOffered, TooMuch, TooOften, WithoutPortal, Anywhere),
)]
pub async fn recovery_codes_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<Json<RecoveryCodesMade>, ApiError> {
    let codes = make_recovery_codes(&state.tools, changer(&client, &of)).await?;
    state.outbox_bell.notify_one();
    Ok(Json(RecoveryCodesMade {
        codes: codes.iter().map(RecoveryCodeText::shown).collect(),
        security: security(&state.tools, &client.site.portal, &of).await?,
    }))
}
