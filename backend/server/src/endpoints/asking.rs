//! What the endpoints share that take requests for help down.

use axum::Json;
use axum::http::StatusCode;
use portique_domain::recovery::Wish;
use portique_domain::use_cases::ask::{AskError, Taken, ask};
use portique_shared::api::captcha::CaptchaAnswer;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::recovery::RequestTaken;
use portique_shared::types::EmailAddress;

use crate::http::asker::Client;
use crate::http::problem::{ApiError, field};
use crate::state::AppState;

/// Takes the wish down. The queue is not woken: who asks again and again must not choose when it works.
pub async fn take_down(
    state: &AppState,
    client: &Client,
    wish: &Wish,
    captcha: Option<&CaptchaAnswer>,
) -> Result<(StatusCode, Json<RequestTaken>), ApiError> {
    let taken = ask(&state.tools, client.asker(), wish, captcha).await?;
    Ok(answer(taken))
}

/// The answer to a request that was taken down.
pub fn answer(taken: Taken) -> (StatusCode, Json<RequestTaken>) {
    let taken = RequestTaken {
        reference: taken.reference.as_str().to_owned(),
        masked_address: taken.masked_address,
        resend_after: taken
            .resend_after
            .map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX)),
    };
    (StatusCode::ACCEPTED, Json(taken))
}

/// The address in a field, or what is wrong with it.
pub fn address(name: &str, text: &str) -> Result<EmailAddress, ApiError> {
    EmailAddress::parse(text).map_err(|_| ApiError::fields(vec![field(name, FieldReason::Malformed)]))
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NotOffered => Self::new(ErrorCode::NotFound),
            AskError::CaptchaRefused => Self::fields(vec![field("captcha", FieldReason::CaptchaRefused)]),
            AskError::Blocked { retry_after } => Self::retry_after(ErrorCode::TooManyRequests, retry_after),
            AskError::ReferenceSpent => Self::new(ErrorCode::ReferenceSpent),
            AskError::Store(error) => error.into(),
        }
    }
}
