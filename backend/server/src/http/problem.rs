//! Errors as answers: one mapping from code to status, one shape.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use portique_domain::password::{HasherBusy, Unjudged};
use portique_domain::store::StoreError;
use portique_shared::api::problem::{ErrorCode, FieldProblem, FieldReason};

/// Seconds after which a person turned away by a busy server may try again.
const BUSY_RETRY_SECONDS: u32 = 2;

/// An error on its way out. The envelope writes its body, with the request's id.
#[derive(Clone, Debug)]
pub struct ApiError {
    pub code: ErrorCode,
    pub fields: Vec<FieldProblem>,
    /// Seconds.
    pub retry_after: Option<u32>,
    /// Of the card that was shown, masked.
    pub card_number: Option<String>,
    /// For the log only.
    pub detail: Option<String>,
}

impl ApiError {
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
            retry_after: None,
            card_number: None,
            detail: None,
        }
    }

    pub fn detailed(code: ErrorCode, detail: impl core::fmt::Display) -> Self {
        Self {
            detail: Some(detail.to_string()),
            ..Self::new(code)
        }
    }

    pub fn retry_after(code: ErrorCode, wait: jiff::SignedDuration) -> Self {
        // Rounded up: a client that waits exactly this long must not come too early.
        let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
        Self {
            retry_after: Some(u32::try_from(seconds).unwrap_or(u32::MAX).max(1)),
            ..Self::new(code)
        }
    }

    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        Self {
            fields,
            ..Self::new(ErrorCode::ValidationFailed)
        }
    }

    pub const fn status(&self) -> StatusCode {
        match self.code {
            ErrorCode::InvalidRequest => StatusCode::BAD_REQUEST,
            ErrorCode::CredentialsRefused | ErrorCode::SessionRequired | ErrorCode::SecondStepEnded => {
                StatusCode::UNAUTHORIZED
            }
            ErrorCode::CrossSiteRefused
            | ErrorCode::PasswordChangeRequired
            | ErrorCode::ProofRequired
            | ErrorCode::ProvisionalPasswordExpired
            | ErrorCode::CardNotPresented
            | ErrorCode::CardExpired
            | ErrorCode::CardRevoked
            | ErrorCode::CardUnknown
            | ErrorCode::CardWrongUsage
            | ErrorCode::CardContactless
            | ErrorCode::CardOrganisation
            | ErrorCode::CardTest
            | ErrorCode::CardUnknownAuthority
            | ErrorCode::CardUnreadable
            | ErrorCode::CardOfAnother => StatusCode::FORBIDDEN,
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ErrorCode::ReferenceSpent
            | ErrorCode::FactorNeeded
            | ErrorCode::TooManyAuthenticators
            | ErrorCode::EnrolmentSpent
            | ErrorCode::ContactChangeEnded
            | ErrorCode::CardTaken
            | ErrorCode::CardCeremonyEnded => StatusCode::CONFLICT,
            ErrorCode::LinkSpent => StatusCode::GONE,
            ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::UnknownPortal => StatusCode::MISDIRECTED_REQUEST,
            ErrorCode::ValidationFailed => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorCode::TooManyAttempts | ErrorCode::TooManyRequests | ErrorCode::SmsSpent => {
                StatusCode::TOO_MANY_REQUESTS
            }
            ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::ServerBusy | ErrorCode::NotReady | ErrorCode::CardUnverifiable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::detailed(ErrorCode::Internal, error)
    }
}

impl From<Unjudged> for ApiError {
    fn from(unjudged: Unjudged) -> Self {
        Self::detailed(ErrorCode::Internal, unjudged)
    }
}

impl From<HasherBusy> for ApiError {
    fn from(_: HasherBusy) -> Self {
        Self {
            retry_after: Some(BUSY_RETRY_SECONDS),
            ..Self::new(ErrorCode::ServerBusy)
        }
    }
}

/// A field, and why it was refused.
pub fn field(name: &str, reason: FieldReason) -> FieldProblem {
    FieldProblem {
        field: name.to_owned(),
        reason,
    }
}
