//! An authenticator application is enrolled by its first code.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::{NewApp, add_app};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::security::{AddAppRequest, SecurityView};
use portique_shared::types::OneTimeCode;

use super::security_view::{changer, security};
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{
    Anywhere, BadBody, NotEnrolled, NotOffered, TooOften, WithoutPortal, WithoutProof,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::APPS, tag = "security", request_body = AddAppRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = SecurityView, description = "Enrolled; a second factor is asked for at each sign-in from now on"),
        BadBody,
        WithoutProof,
        NotOffered,
        NotEnrolled,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn apps_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<AddAppRequest>,
) -> Result<Json<SecurityView>, ApiError> {
    let code = OneTimeCode::parse(&body.code)
        .map_err(|_| ApiError::fields(vec![field("code", FieldReason::Malformed)]))?;
    let sealed = hex::decode(&body.enrolment).map_err(|_| ApiError::new(ErrorCode::EnrolmentSpent))?;
    let new = NewApp {
        sealed: &sealed,
        code: &code,
        name: &body.name,
    };
    add_app(&state.tools, changer(&client, &of), &new).await?;
    state.outbox_bell.notify_one();
    Ok(Json(security(&state.tools, &client.site.portal, &of).await?))
}
