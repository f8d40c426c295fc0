//! Signing in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::password::Password;
use portique_domain::use_cases::sign_in::{SignIn, SignInError, sign_in};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, Problem};
use portique_shared::api::session::{SessionState, SignInRequest};

use super::session_view::signed_in;
use crate::http::body::JsonBody;
use crate::http::client::ClientAddress;
use crate::http::cookie;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, TooMuch, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SESSION, tag = "session", request_body = SignInRequest,
    responses(
        (
            status = 200, body = SessionState, description = "Signed in",
            headers(("set-cookie" = String, description = "The session's cookie")),
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
    CurrentSite(site): CurrentSite,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignInRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let replaces = cookie::session_token(&site, &headers);
    let password = Password::new(&body.password);
    let request = SignIn {
        portal: &site.portal,
        identifier: &body.identifier,
        password: &password,
        address,
        replaces: replaces.as_ref(),
    };
    let signed = sign_in(&state.tools, &request).await?;
    let cookie = AppendHeaders([(SET_COOKIE, cookie::set(&site, &signed.token))]);
    Ok((cookie, Json(signed_in(&signed.session, state.tools.clock.now()))))
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
