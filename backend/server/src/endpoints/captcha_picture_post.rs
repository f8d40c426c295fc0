//! A picture to choose in.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portique_domain::captcha::LIFETIME;
use portique_domain::captcha::puzzle::COLUMNS;
use portique_domain::use_cases::captcha::{CaptchaError, new_picture};
use portique_drawing::{draw, icon_count};
use portique_shared::api::captcha::PictureChallenge;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};

use crate::http::client::ClientAddress;
use crate::http::portal::CurrentSite;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, FromAnotherSite, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CAPTCHA_PICTURE, tag = "captcha",
    responses(
        (status = 200, body = PictureChallenge),
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn captcha_picture_post(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    ClientAddress(address): ClientAddress,
) -> Result<Json<PictureChallenge>, ApiError> {
    let picture = new_picture(&state.tools, &site.portal, address, icon_count()).await?;
    let count = picture.puzzle.placed.len();
    // Some milliseconds of processor: not on the threads that serve everybody.
    let image = tokio::task::spawn_blocking(move || STANDARD.encode(draw(&picture.puzzle)))
        .await
        .map_err(|error| ApiError::detailed(ErrorCode::Internal, error))?;
    let small = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
    Ok(Json(PictureChallenge {
        id: picture.id,
        image,
        count: small(count),
        columns: small(COLUMNS),
        expires_in: u32::try_from(LIFETIME.as_secs()).unwrap_or(u32::MAX),
    }))
}

impl From<CaptchaError> for ApiError {
    fn from(error: CaptchaError) -> Self {
        match error {
            CaptchaError::Refused => Self::fields(vec![field("captcha", FieldReason::CaptchaRefused)]),
            CaptchaError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            CaptchaError::Store(error) => error.into(),
        }
    }
}
