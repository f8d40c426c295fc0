//! The one way in for JSON: its media type, its size, its shape, its lengths.

use core::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use validator::Validate;

use super::problem::{ApiError, field};

/// Larger than any form of Portique by far.
pub const MAX_BODY_BYTES: usize = 32 * 1024;

/// For a body to arrive: the slowest connection brings a form in a moment.
const BODY: Duration = Duration::from_secs(20);

/// A request's body, parsed and within its lengths.
pub struct JsonBody<T>(pub T);

impl<T, S> FromRequest<S> for JsonBody<T>
where
    T: DeserializeOwned + Validate,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_json(&request) {
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
        }
        let bytes = bytes(request, state).await?;
        // Serde's words could repeat a password: the line and column are enough to mend a program.
        let value: T = serde_json::from_slice(&bytes).map_err(|error| {
            ApiError::detailed(
                ErrorCode::InvalidRequest,
                format!("line {}, column {}", error.line(), error.column()),
            )
        })?;
        check_lengths(&value)?;
        Ok(Self(value))
    }
}

/// A body whatever its media type, within its size and time.
pub async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    if request.body().size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Err(ApiError::new(ErrorCode::PayloadTooLarge));
    }
    let arrived = timeout(BODY, Bytes::from_request(request, state)).await;
    arrived
        .map_err(|_| ApiError::new(ErrorCode::InvalidRequest))?
        .map_err(|refused| {
            let too_large = refused.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
            ApiError::new(if too_large {
                ErrorCode::PayloadTooLarge
            } else {
                ErrorCode::InvalidRequest
            })
        })
}

/// Only `application/json`: what a form of another site can send never gets here.
fn is_json(request: &Request) -> bool {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
}

fn check_lengths(value: &impl Validate) -> Result<(), ApiError> {
    let Err(errors) = value.validate() else {
        return Ok(());
    };
    let mut fields: Vec<_> = errors
        .field_errors()
        .into_keys()
        .map(|name| field(&name, FieldReason::Length))
        .collect();
    fields.sort_by(|a, b| a.field.cmp(&b.field));
    Err(ApiError::fields(fields))
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;
    use core::pin::Pin;
    use core::task::{Context, Poll};

    use axum::body::Body;
    use hyper::body::Frame;
    use serde::Deserialize;

    use super::*;

    struct Never;

    impl HttpBody for Never {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[derive(Deserialize, Validate)]
    struct Form {}

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_arrives_is_not_waited_for() {
        let request = Request::post("/")
            .header(CONTENT_TYPE, "application/json")
            .body(Body::new(Never))
            .unwrap();
        let refused = JsonBody::<Form>::from_request(request, &()).await.err().unwrap();
        assert_eq!(refused.code, ErrorCode::InvalidRequest);
    }
}
