//! A new password by a link.

use axum::extract::State;
use axum::http::StatusCode;
use portique_domain::link::LinkToken;
use portique_domain::password::Password;
use portique_domain::use_cases::reset_password::{ResetPassword, ResetPasswordError, reset_password};
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::ResetPasswordRequest;

use super::password_put::field_problem;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, LinkSpent, TooMuch, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    put, path = paths::LINK_PASSWORD, tag = "recovery", request_body = ResetPasswordRequest,
    responses(
        (status = 204, description = "Changed; every session of the account has ended, and none was started"),
        LinkSpent,
        BadBody,
        TooMuch,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn link_password_put(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<ResetPasswordRequest>,
) -> Result<StatusCode, ApiError> {
    let request = ResetPassword {
        portal: &client.site.portal,
        token: &LinkToken::from_request(&body.token),
        identifier: body.identifier.as_deref(),
        new: &Password::new(&body.new_password),
        confirmation: &Password::new(&body.confirmation),
        language: client.language,
        address: client.address,
    };
    reset_password(&state.tools, &request).await?;
    state.outbox_bell.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

impl From<ResetPasswordError> for ApiError {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Invalid(flaws) => {
                Self::fields(flaws.into_iter().map(field_problem).collect())
            }
            ResetPasswordError::Spent(_) => Self::new(ErrorCode::LinkSpent),
            ResetPasswordError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyRequests, retry_after)
            }
            ResetPasswordError::Unjudged(error) => error.into(),
            ResetPasswordError::Busy(busy) => busy.into(),
            ResetPasswordError::Store(error) => error.into(),
        }
    }
}
