//! A passkey is about to be made.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::begin_passkey;
use portique_shared::api::passkey::PasskeyOptions;
use portique_shared::api::paths;

use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NotEnrolled, NotOffered, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEY_OPTIONS, tag = "security",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = PasskeyOptions, description = "`PublicKeyCredentialCreationOptionsJSON`"),
        WithoutProof,
        NotOffered,
        NotEnrolled,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn passkey_options_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<Json<PasskeyOptions>, ApiError> {
    let options = begin_passkey(&state.tools, changer(&client, &of)).await?;
    Ok(Json(PasskeyOptions(options)))
}
