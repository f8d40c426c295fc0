//! A challenge for whichever passkey of the portal.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::passkey_sign_in::ask;
use portique_shared::api::passkey::PasskeyOptions;
use portique_shared::api::paths;

use super::passkey_sign_in_post::asked_by;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEY_SIGN_IN_OPTIONS, tag = "session",
    responses(
        (status = 200, body = PasskeyOptions, description = "`PublicKeyCredentialRequestOptionsJSON`; it names nobody"),
        NotOffered,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn passkey_sign_in_options_post(
    State(state): State<AppState>,
    client: Client,
) -> Result<Json<PasskeyOptions>, ApiError> {
    let options = ask(&state.tools, asked_by(&client)).await?;
    Ok(Json(PasskeyOptions(options)))
}
