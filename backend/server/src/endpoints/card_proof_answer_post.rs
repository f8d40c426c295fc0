//! Who is signed in proved anew who they are, by the card that was shown.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::card::prove;
use portique_shared::api::card::CardAnswerRequest;
use portique_shared::api::paths;
use portique_shared::api::session::SessionState;

use super::card_view::Answer;
use super::session_view::signed_in;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::ApiError;
use crate::http::refusals::{
    Anywhere, BadBody, BadCard, NotOffered, TooOften, WithoutPortal, WithoutSession,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CARD_PROOF_ANSWER, tag = "session", request_body = CardAnswerRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = SessionState, description = "Proved for ten minutes",
            headers(("set-cookie" = String, description = "The session's new cookie; the ceremony's is taken away")),
        ),
        WithoutSession,
        BadBody,
        BadCard,
        NotOffered,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn card_proof_answer_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    headers: HeaderMap,
    JsonBody(body): JsonBody<CardAnswerRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let answer = Answer::read(site, &headers, &body.token);
    let proved = prove(&state.tools, answer.returned(&client), &of).await?;
    let cookies = [cookie::set(site, &proved.token), cookie::clear_card(site)];
    let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
    Ok((cookies, Json(signed_in(&proved.session, state.tools.clock.now()))))
}
