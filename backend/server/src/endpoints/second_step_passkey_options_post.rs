//! A challenge for one of the person's passkeys, at the second step.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::second_step::ask_passkey;
use portique_shared::api::passkey::PasskeyOptions;
use portique_shared::api::paths;

use super::second_step_view::comer;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooOften, WithoutPortal, WithoutStep};
use crate::http::step::HeldStep;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEY_SECOND_STEP_OPTIONS, tag = "session",
    security(("second_step" = []), ("second_step_in_clear" = [])),
    responses(
        (status = 200, body = PasskeyOptions, description = "`PublicKeyCredentialRequestOptionsJSON`"),
        WithoutStep,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn second_step_passkey_options_post(
    State(state): State<AppState>,
    client: Client,
    HeldStep(token): HeldStep,
) -> Result<Json<PasskeyOptions>, ApiError> {
    let options = ask_passkey(&state.tools, comer(&client, &token)).await?;
    Ok(Json(PasskeyOptions(options)))
}
