//! The sign-in that waits in this browser for its second step.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use portique_domain::second_step::StepToken;
use portique_shared::api::problem::ErrorCode;

use super::cookie;
use super::portal::CurrentSite;
use super::problem::ApiError;
use crate::state::AppState;

/// Its token, not yet looked up; without one, 401.
pub struct HeldStep(pub StepToken);

impl FromRequestParts<AppState> for HeldStep {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let CurrentSite(site) = CurrentSite::from_request_parts(parts, state).await?;
        cookie::step_token(&site, &parts.headers)
            .map(Self)
            .ok_or(ApiError::new(ErrorCode::SecondStepEnded))
    }
}
