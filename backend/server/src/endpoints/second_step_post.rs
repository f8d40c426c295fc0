//! The code as typed: the session starts, or the code is refused.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::recovery_code::RecoveryCodeText;
use portique_domain::use_cases::second_step::{Given, Remember, verify};
use portique_shared::api::paths;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::second_step::{CodeFactor, CodeRequest};
use portique_shared::api::session::SessionState;
use portique_shared::types::OneTimeCode;

use super::second_step_view::comer;
use super::session_view::signed_in;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooMuch, WithoutPortal, WithoutStep};
use crate::http::step::HeldStep;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SECOND_STEP, tag = "session", request_body = CodeRequest,
    security(("second_step" = []), ("second_step_in_clear" = [])),
    responses(
        (
            status = 200, body = SessionState, description = "Signed in",
            headers(("set-cookie" = String, description = "The session's cookie; the step's is taken away; and the browser's, where it is to be remembered")),
        ),
        WithoutStep,
        BadBody,
        TooMuch,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn second_step_post(
    State(state): State<AppState>,
    client: Client,
    HeldStep(token): HeldStep,
    headers: HeaderMap,
    JsonBody(body): JsonBody<CodeRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    // A slip of the fingers costs no try.
    let malformed = || ApiError::fields(vec![field("code", FieldReason::Malformed)]);
    let given = read(&body).ok_or_else(malformed)?;
    let replaces = cookie::session_token(site, &headers);
    let held = cookie::browser_token(site, &headers);
    let wish = Remember {
        wanted: body.remember,
        held: held.as_ref(),
    };
    let comer = comer(&client, &token);
    let signed = verify(&state.tools, comer, &given, replaces.as_ref(), wish).await?;
    let remembered = signed.remembered.as_ref();
    let remembered = remembered.map(|(token, length)| cookie::set_browser(site, token, *length));
    let cookies = [cookie::set(site, &signed.token), cookie::clear_step(site)];
    let cookies = cookies.into_iter().chain(remembered);
    let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
    Ok((cookies, Json(signed_in(&signed.session, state.tools.clock.now()))))
}

/// What was typed, as its factor reads it.
fn read(body: &CodeRequest) -> Option<Given> {
    match body.factor {
        CodeFactor::Sent => OneTimeCode::parse(&body.code).ok().map(Given::Sent),
        CodeFactor::App => OneTimeCode::parse(&body.code).ok().map(Given::App),
        CodeFactor::RecoveryCode => RecoveryCodeText::parse(&body.code).map(Given::RecoveryCode),
    }
}
