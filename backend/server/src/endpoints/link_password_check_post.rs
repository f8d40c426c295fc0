//! What the server says of a password being typed on the page that a link opened.

use axum::Json;
use axum::extract::State;
use portique_domain::link::LinkToken;
use portique_domain::password::Password;
use portique_domain::use_cases::links::check_by_link;
use portique_shared::api::account::PasswordVerdict;
use portique_shared::api::paths;
use portique_shared::api::recovery::CheckNewPasswordRequest;

use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, LinkSpent, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::LINK_PASSWORD_CHECK, tag = "recovery", request_body = CheckNewPasswordRequest,
    responses(
        (status = 200, body = PasswordVerdict),
        LinkSpent,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn link_password_check_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<CheckNewPasswordRequest>,
) -> Result<Json<PasswordVerdict>, ApiError> {
    let verdict = check_by_link(
        &state.tools,
        &client.site.portal,
        &LinkToken::from_request(&body.token),
        &Password::new(&body.new_password),
        client.address,
    )
    .await?;
    Ok(Json(verdict))
}
