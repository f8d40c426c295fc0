//! A code is sent, or another one.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::second_step::send;
use portique_shared::api::paths;
use portique_shared::api::second_step::{SecondStepView, SendCodeRequest};

use super::second_step_view::{comer, view};
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooOften, WithoutPortal, WithoutStep};
use crate::http::step::HeldStep;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SECOND_STEP_SENDING, tag = "session", request_body = SendCodeRequest,
    security(("second_step" = []), ("second_step_in_clear" = [])),
    responses(
        (status = 200, body = SecondStepView, description = "A code is on its way; the one before is good for nothing"),
        WithoutStep,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn second_step_sending_post(
    State(state): State<AppState>,
    client: Client,
    HeldStep(token): HeldStep,
    JsonBody(body): JsonBody<SendCodeRequest>,
) -> Result<Json<SecondStepView>, ApiError> {
    let step = send(&state.tools, comer(&client, &token), body.to).await?;
    state.outbox_bell.notify_one();
    Ok(Json(view(&client.site.portal, &step, state.tools.clock.now())))
}
