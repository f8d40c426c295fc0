//! A ceremony begins, for who attaches a card to their account.

use axum::extract::State;
use axum::response::IntoResponse;
use portique_domain::use_cases::security::begin_card;
use portique_shared::api::card::CardBegun;
use portique_shared::api::paths;

use super::card_view::begun;
use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, NotEnrolled, NotOffered, TooOften, WithoutPortal, WithoutProof};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CARD_CEREMONY, tag = "security",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = CardBegun, description = "Where the card is to be shown, within five minutes",
            headers(("set-cookie" = String, description = "The ceremony's cookie")),
        ),
        WithoutProof,
        NotOffered,
        NotEnrolled,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn card_ceremony_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<impl IntoResponse, ApiError> {
    let it = begin_card(&state.tools, changer(&client, &of)).await?;
    Ok(begun(&client.site, it))
}
