//! A passkey's signature at the second step: the session starts, or it is refused.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::second_step::{Given, Remember, verify};
use portique_shared::api::passkey::PasskeyRequest;
use portique_shared::api::paths;
use portique_shared::api::session::SessionState;

use super::second_step_view::comer;
use super::session_view::signed_in;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooOften, WithoutPortal, WithoutStep};
use crate::http::step::HeldStep;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEY_SECOND_STEP, tag = "session", request_body = PasskeyRequest,
    security(("second_step" = []), ("second_step_in_clear" = [])),
    responses(
        (
            status = 200, body = SessionState, description = "Signed in",
            headers(("set-cookie" = String, description = "The session's cookie; the step's is taken away")),
        ),
        WithoutStep,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn second_step_passkey_post(
    State(state): State<AppState>,
    client: Client,
    HeldStep(token): HeldStep,
    headers: HeaderMap,
    JsonBody(body): JsonBody<PasskeyRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let given = Given::Passkey(body.credential.to_string());
    let replaces = cookie::session_token(site, &headers);
    // Who has a passkey at hand needs no browser to stand in for it.
    let wish = Remember::default();
    let comer = comer(&client, &token);
    let signed = verify(&state.tools, comer, &given, replaces.as_ref(), wish).await?;
    let cookies = AppendHeaders([
        (SET_COOKIE, cookie::set(site, &signed.token)),
        (SET_COOKIE, cookie::clear_step(site)),
    ]);
    Ok((cookies, Json(signed_in(&signed.session, state.tools.clock.now()))))
}
