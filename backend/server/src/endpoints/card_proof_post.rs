//! A ceremony begins, for who is signed in and proves anew who they are.

use axum::extract::State;
use axum::response::IntoResponse;
use portique_domain::card_ceremony::CardPurpose;
use portique_domain::use_cases::card::begin;
use portique_shared::api::card::CardBegun;
use portique_shared::api::paths;

use super::card_view::begun;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{
    Anywhere, FromAnotherSite, NotOffered, TooOften, WithoutFullSession, WithoutPortal,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CARD_PROOF, tag = "session",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = CardBegun, description = "Where the card is to be shown, within five minutes",
            headers(("set-cookie" = String, description = "The ceremony's cookie")),
        ),
        NotOffered,
        TooOften,
        WithoutFullSession,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn card_proof_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<impl IntoResponse, ApiError> {
    let (portal, session) = (&client.site.portal, Some(of.session.token));
    let it = begin(&state.tools, portal, CardPurpose::Proof, session, client.address).await?;
    Ok(begun(&client.site, it))
}
