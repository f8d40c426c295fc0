//! Signing in with the card that was shown.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::card::sign_in;
use portique_domain::use_cases::second_step::cancel;
use portique_domain::use_cases::sign_in::SignInOutcome;
use portique_shared::api::card::CardAnswerRequest;
use portique_shared::api::paths;
use portique_shared::api::session::SignInAnswer;

use super::card_view::Answer;
use super::second_step_view::view;
use super::session_view::session_view;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, BadCard, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CARD_SIGN_IN_ANSWER, tag = "session", request_body = CardAnswerRequest,
    responses(
        (
            status = 200, body = SignInAnswer,
            description = "Signed in, or half way where a card counts as one factor: a second step is needed too",
            headers(("set-cookie" = String, description = "The session's cookie, or the second step's; the ceremony's is taken away")),
        ),
        BadBody,
        BadCard,
        NotOffered,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn card_sign_in_answer_post(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    JsonBody(body): JsonBody<CardAnswerRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let answer = Answer::read(site, &headers, &body.token);
    let outcome = sign_in(&state.tools, answer.returned(&client)).await?;
    let now = state.tools.clock.now();
    // Whoever else began a sign-in in this browser begins it again.
    let held = cookie::step_token(site, &headers);
    if let Some(held) = &held {
        cancel(&state.tools, held).await?;
    }
    let mut cookies = vec![cookie::clear_card(site)];
    let answer = match outcome {
        SignInOutcome::SignedIn(signed) => {
            cookies.push(cookie::set(site, &signed.token));
            cookies.extend(held.map(|_| cookie::clear_step(site)));
            SignInAnswer::SignedIn(session_view(&signed.session, now))
        }
        SignInOutcome::SecondStep { token, step } => {
            state.outbox_bell.notify_one();
            cookies.push(cookie::set_step(site, &token));
            SignInAnswer::SecondStep(view(&site.portal, &step, now))
        }
    };
    let cookies: Vec<_> = cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)).collect();
    Ok((AppendHeaders(cookies), Json(answer)))
}
