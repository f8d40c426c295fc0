//! The card that was shown is attached to its person's account.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::use_cases::security::attach_card;
use portique_shared::api::card::CardAnswerRequest;
use portique_shared::api::paths;
use portique_shared::api::security::SecurityView;

use super::card_view::Answer;
use super::security_view::{changer, security};
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
    post, path = paths::CARDS, tag = "security", request_body = CardAnswerRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = SecurityView, description = "Attached; it signs in from now on",
            headers(("set-cookie" = String, description = "The ceremony's cookie is taken away")),
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
pub async fn cards_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    headers: HeaderMap,
    JsonBody(body): JsonBody<CardAnswerRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let site = &client.site;
    let answer = Answer::read(site, &headers, &body.token);
    attach_card(&state.tools, changer(&client, &of), answer.returned(&client)).await?;
    state.outbox_bell.notify_one();
    let cookie = AppendHeaders([(SET_COOKIE, cookie::clear_card(site))]);
    Ok((cookie, Json(security(&state.tools, &site.portal, &of).await?)))
}
