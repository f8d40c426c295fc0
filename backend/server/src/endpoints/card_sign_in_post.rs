//! A ceremony begins, for whoever signs in with a card.

use axum::extract::State;
use axum::response::IntoResponse;
use portique_domain::card_ceremony::CardPurpose;
use portique_domain::use_cases::card::begin;
use portique_shared::api::card::CardBegun;
use portique_shared::api::paths;

use super::card_view::begun;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CARD_SIGN_IN, tag = "session",
    responses(
        (
            status = 200, body = CardBegun, description = "Where the card is to be shown, within five minutes",
            headers(("set-cookie" = String, description = "The ceremony's cookie")),
        ),
        NotOffered,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn card_sign_in_post(
    State(state): State<AppState>,
    client: Client,
) -> Result<impl IntoResponse, ApiError> {
    let portal = &client.site.portal;
    let it = begin(&state.tools, portal, CardPurpose::SignIn, None, client.address).await?;
    Ok(begun(&client.site, it))
}
