//! How far a sign-in has come: the page of the code shows it again after a detour to the message.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::second_step::look;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::second_step::SecondStepView;

use super::second_step_view::view;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutPortal, WithoutStep};
use crate::http::step::HeldStep;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::SECOND_STEP, tag = "session",
    security(("second_step" = []), ("second_step_in_clear" = [])),
    responses((status = 200, body = SecondStepView), WithoutStep, WithoutPortal, Anywhere),
)]
pub async fn second_step_get(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    HeldStep(token): HeldStep,
) -> Result<Json<SecondStepView>, ApiError> {
    let step = look(&state.tools, &site.portal, &token).await?;
    Ok(Json(view(
        &site.portal,
        &step.ok_or(ApiError::new(ErrorCode::SecondStepEnded))?,
        state.tools.clock.now(),
    )))
}
