//! The same once more, by its reference.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portique_domain::reference::Reference;
use portique_domain::use_cases::ask::ask_again;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::{RequestTaken, ResendRequest};

use super::asking::answer;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, Spent, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::RECOVERY_RESEND, tag = "recovery", request_body = ResendRequest,
    responses(
        (status = 202, body = RequestTaken, description = "Taken down again, under a new reference"),
        Spent,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn recovery_resend_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<ResendRequest>,
) -> Result<(StatusCode, Json<RequestTaken>), ApiError> {
    let reference = Reference::parse(&body.reference).ok_or(ApiError::new(ErrorCode::ReferenceSpent))?;
    let taken = ask_again(&state.tools, client.asker(), &reference).await?;
    Ok(answer(taken))
}
