//! A proof of work to be done.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::proof::new_proof;
use portique_shared::api::captcha::ProofChallenge;
use portique_shared::api::paths;

use crate::http::client::ClientAddress;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CAPTCHA_PROOF, tag = "captcha",
    responses(
        (status = 200, body = ProofChallenge),
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn captcha_proof_post(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    ClientAddress(address): ClientAddress,
) -> Result<Json<ProofChallenge>, ApiError> {
    Ok(Json(new_proof(&state.tools, &site.portal, address).await?))
}
