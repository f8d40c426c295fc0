//! An authenticator application is about to be enrolled: the secret that it shares with us, as a picture and in letters.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::begin_app;
use portique_drawing::qr::qr;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::{AppEnrolmentView, QrView};

use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NotOffered, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::APP_ENROLMENT, tag = "security",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = AppEnrolmentView), WithoutProof, NotOffered, TooOften, WithoutPortal, Anywhere),
)]
pub async fn app_enrolment_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<Json<AppEnrolmentView>, ApiError> {
    let begun = begin_app(&state.tools, changer(&client, &of)).await?;
    let picture = qr(&begun.address).ok_or_else(|| {
        ApiError::detailed(ErrorCode::Internal, "the portal's name is too long for a QR code")
    })?;
    Ok(Json(AppEnrolmentView {
        enrolment: hex::encode(&begun.sealed),
        secret: begun.secret.in_letters(),
        address: begun.address,
        picture: QrView {
            size: picture.size,
            path: picture.path,
        },
    }))
}
