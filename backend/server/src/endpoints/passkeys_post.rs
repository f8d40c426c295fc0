//! A passkey that a device made is added.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::{NewPasskey, add_passkey};
use portique_shared::api::passkey::AddPasskeyRequest;
use portique_shared::api::paths;
use portique_shared::api::security::SecurityView;

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{
    Anywhere, BadBody, NotEnrolled, NotOffered, TooOften, WithoutPortal, WithoutProof,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEYS, tag = "security", request_body = AddPasskeyRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = SecurityView, description = "Added; it signs in from now on"),
        BadBody,
        WithoutProof,
        NotOffered,
        NotEnrolled,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn passkeys_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<AddPasskeyRequest>,
) -> Result<Json<SecurityView>, ApiError> {
    let answer = body.credential.to_string();
    let new = NewPasskey {
        answer: &answer,
        name: &body.name,
    };
    add_passkey(&state.tools, changer(&client, &of), &new).await?;
    state.outbox_bell.notify_one();
    Ok(Json(security(&state.tools, &client.site.portal, &of).await?))
}
