//! Signing in with a passkey alone.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::passkey_sign_in::{PasskeySignIn, PasskeySignInError, sign_in};
use portique_domain::use_cases::second_step::cancel;
use portique_shared::api::passkey::PasskeyRequest;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason, Problem};
use portique_shared::api::session::SessionState;

use super::session_view::signed_in;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::PASSKEY_SIGN_IN, tag = "session", request_body = PasskeyRequest,
    responses(
        (
            status = 200, body = SessionState, description = "Signed in",
            headers(("set-cookie" = String, description = "The session's cookie")),
        ),
        (status = 401, body = Problem, content_type = "application/problem+json", description = "The passkey opens nothing; why is not told"),
        BadBody,
        NotOffered,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn passkey_sign_in_post(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    JsonBody(body): JsonBody<PasskeyRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let replaces = cookie::session_token(site, &headers);
    let answer = body.credential.to_string();
    let signed = sign_in(&state.tools, asked_by(&client), &answer, replaces.as_ref()).await?;
    // Whoever else began a sign-in in this browser begins it again.
    let held = cookie::step_token(site, &headers);
    if let Some(held) = &held {
        cancel(&state.tools, held).await?;
    }
    let gone = held.map(|_| cookie::clear_step(site));
    let cookies = [cookie::set(site, &signed.token)].into_iter().chain(gone);
    let cookies: Vec<_> = cookies.map(|cookie| (SET_COOKIE, cookie)).collect();
    let state = signed_in(&signed.session, state.tools.clock.now());
    Ok((AppendHeaders(cookies), Json(state)))
}

pub(super) fn asked_by(client: &Client) -> PasskeySignIn<'_> {
    PasskeySignIn {
        portal: &client.site.portal,
        visitor: client.visitor(),
    }
}

impl From<PasskeySignInError> for ApiError {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::NotOffered => Self::new(ErrorCode::NotFound),
            PasskeySignInError::Unreadable => Self::fields(vec![field("credential", FieldReason::Malformed)]),
            PasskeySignInError::Refused => Self::new(ErrorCode::CredentialsRefused),
            PasskeySignInError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            PasskeySignInError::TooOften { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            PasskeySignInError::Store(error) => error.into(),
        }
    }
}
