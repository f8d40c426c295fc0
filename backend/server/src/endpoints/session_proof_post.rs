//! Who is signed in proves anew who they are: the password first, the second step after.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::password::Password;
use portique_domain::use_cases::prove::{Prove, prove};
use portique_domain::use_cases::second_step::cancel;
use portique_domain::use_cases::sign_in::SignInError;
use portique_shared::api::paths;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::second_step::SecondStepView;
use portique_shared::api::security::ProofRequest;

use super::second_step_view::view;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooMuch, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::SESSION_PROOF, tag = "session", request_body = ProofRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = SecondStepView,
            description = "The password is right; the second step follows, and gives the session another cookie",
            headers(("set-cookie" = String, description = "The second step's cookie")),
        ),
        BadBody,
        TooMuch,
        WithoutFullSession,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn session_proof_post(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<ProofRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let request = Prove {
        portal: &site.portal,
        session: &of,
        password: &Password::new(&body.password),
        language: client.language,
        visitor: client.visitor(),
    };
    let proved = prove(&state.tools, &request).await;
    let (token, step) = proved.map_err(|error| match error {
        // Whose password it is shows in the page already.
        SignInError::Refused => ApiError::fields(vec![field("password", FieldReason::WrongPassword)]),
        other => other.into(),
    })?;
    if let Some(held) = cookie::step_token(site, &headers) {
        cancel(&state.tools, &held).await?;
    }
    state.outbox_bell.notify_one();
    let cookie = AppendHeaders([(SET_COOKIE, cookie::set_step(site, &token))]);
    Ok((cookie, Json(view(&site.portal, &step, state.tools.clock.now()))))
}
