//! The address of a request for an account is proved.

use axum::Json;
use axum::extract::State;
use portique_domain::link::LinkToken;
use portique_domain::use_cases::prove_address::prove_address;
use portique_shared::api::account_request::RequestConfirmed;
use portique_shared::api::paths;
use portique_shared::api::recovery::LinkRequest;

use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, LinkSpent, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::ACCOUNT_REQUEST_CONFIRMATION, tag = "recovery", request_body = LinkRequest,
    responses(
        (status = 200, body = RequestConfirmed, description = "Proved; the agency is to decide"),
        LinkSpent,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn account_request_confirmation_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<LinkRequest>,
) -> Result<Json<RequestConfirmed>, ApiError> {
    let token = LinkToken::from_request(&body.token);
    let reference = prove_address(&state.tools, &client.site.portal, &token, client.address).await?;
    Ok(Json(RequestConfirmed {
        reference: reference.as_str().to_owned(),
    }))
}
