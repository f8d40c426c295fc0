//! Signing in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::password::Password;
use portique_domain::use_cases::second_step::cancel;
use portique_domain::use_cases::sign_in::{SignIn, SignInError, SignInOutcome, sign_in};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, Problem};
use portique_shared::api::session::{SignInAnswer, SignInRequest};

use super::second_step_view::view;
use super::session_view::session_view;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, TooMuch, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SESSION, tag = "session", request_body = SignInRequest,
    responses(
        (
            status = 200, body = SignInAnswer, description = "Signed in, or half way: a one-time code is needed too",
            headers(("set-cookie" = String, description = "The session's cookie, or the second step's")),
        ),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "Identifier or password refused"),
        (status = 403, body = Problem, content_type = "application/problem+json", description = "Another site's page sent the request, or the provisional password has expired"),
        BadBody,
        TooMuch,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn session_post(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignInRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let replaces = cookie::session_token(site, &headers);
    let remembered = cookie::browser_token(site, &headers);
    let password = Password::new(&body.password);
    let request = SignIn {
        portal: &site.portal,
        identifier: &body.identifier,
        password: &password,
        strong: body.strong,
        proof_of: None,
        language: client.language,
        visitor: client.visitor(),
        replaces: replaces.as_ref(),
        remembered: remembered.as_ref(),
    };
    let outcome = sign_in(&state.tools, &request).await?;
    let now = state.tools.clock.now();
    // Whoever else began a sign-in in this browser begins it again.
    let held = cookie::step_token(site, &headers);
    if let Some(held) = &held {
        cancel(&state.tools, held).await?;
    }
    let (cookies, answer) = match outcome {
        SignInOutcome::SignedIn(signed) => {
            let gone = held.map(|_| cookie::clear_step(site));
            let set = cookie::set(site, &signed.token);
            let cookies = [set].into_iter().chain(gone).collect::<Vec<_>>();
            (
                cookies,
                SignInAnswer::SignedIn(session_view(&signed.session, now)),
            )
        }
        SignInOutcome::SecondStep { token, step } => {
            state.outbox_bell.notify_one();
            (
                vec![cookie::set_step(site, &token)],
                SignInAnswer::SecondStep(view(&site.portal, &step, now)),
            )
        }
    };
    let cookies = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), Json(answer)))
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(ErrorCode::CredentialsRefused),
            SignInError::ProvisionalExpired => Self::new(ErrorCode::ProvisionalPasswordExpired),
            SignInError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            SignInError::Busy(busy) => busy.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}
