//! A lost password: a link is asked for, by e-mail or by identifier as the portal has it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portique_domain::recovery::Wish;
use portique_shared::api::paths;
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::api::recovery::{RecoveryRequest, RequestTaken};

use super::asking::{address, take_down};
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::RECOVERY_PASSWORD, tag = "recovery", request_body = RecoveryRequest,
    responses(
        (status = 202, body = RequestTaken, description = "Taken down; whether there is an account is not told"),
        NotOffered,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn recovery_password_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<RecoveryRequest>,
) -> Result<(StatusCode, Json<RequestTaken>), ApiError> {
    let by = client
        .site
        .portal
        .recovery
        .password
        .as_ref()
        .map_or_else(RecoveryBy::default, |password| password.by);
    let subject = match by {
        RecoveryBy::Email => address("subject", &body.subject)?.to_string(),
        RecoveryBy::Identifier => body.subject,
    };
    let wish = Wish::Password { by, subject };
    take_down(&state, &client, &wish, body.captcha.as_ref()).await
}
