//! A person changes their own password.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse};
use portique_domain::password::Password;
use portique_domain::use_cases::change_password::{
    ChangePassword, ChangePasswordError, Flaw, change_password,
};
use portique_shared::api::account::ChangePasswordRequest;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldProblem, FieldReason};
use portique_shared::api::session::SessionState;

use super::session_view::signed_in;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::cookie;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooMuch, WithoutPortal, WithoutSession};
use crate::http::session::AnySession;
use crate::state::AppState;

#[utoipa::path(
    put, path = paths::PASSWORD, tag = "account", request_body = ChangePasswordRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (
            status = 200, body = SessionState,
            description = "Changed; every older session has ended and a new cookie is set",
            headers(("set-cookie" = String, description = "The new session's cookie")),
        ),
        BadBody,
        TooMuch,
        WithoutSession,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn password_put(
    State(state): State<AppState>,
    client: Client,
    AnySession(of): AnySession,
    JsonBody(body): JsonBody<ChangePasswordRequest>,
) -> Result<impl IntoResponse, ApiError> {
    let request = ChangePassword {
        portal: &client.site.portal,
        session: &of,
        identifier: &body.identifier,
        current: &Password::new(&body.current_password),
        new: &Password::new(&body.new_password),
        confirmation: &Password::new(&body.confirmation),
        captcha: body.captcha.as_ref(),
        language: client.language,
        visitor: client.visitor(),
    };
    let changed = change_password(&state.tools, &request).await?;
    state.outbox_bell.notify_one();
    let cookie = AppendHeaders([(SET_COOKIE, cookie::set(&client.site, &changed.token))]);
    Ok((cookie, Json(signed_in(&changed.session, state.tools.clock.now()))))
}

impl From<ChangePasswordError> for ApiError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Invalid(flaws) => {
                Self::fields(flaws.into_iter().map(field_problem).collect())
            }
            ChangePasswordError::Blocked { retry_after } => {
                Self::retry_after(ErrorCode::TooManyAttempts, retry_after)
            }
            ChangePasswordError::SessionEnded => Self::new(ErrorCode::SessionRequired),
            ChangePasswordError::Busy(busy) => busy.into(),
            ChangePasswordError::Unjudged(unjudged) => unjudged.into(),
            ChangePasswordError::Store(error) => error.into(),
        }
    }
}

/// Where the form shows what is wrong.
pub fn field_problem(flaw: Flaw) -> FieldProblem {
    match flaw {
        Flaw::OtherIdentifier => field("identifier", FieldReason::OtherIdentifier),
        Flaw::WrongCurrent => field("current_password", FieldReason::WrongPassword),
        Flaw::SameAsCurrent => field("new_password", FieldReason::SameAsCurrent),
        Flaw::Unmet(unmet) => field("new_password", FieldReason::PolicyUnmet { unmet }),
        Flaw::Blocklisted(why) => field("new_password", FieldReason::Blocklisted { why }),
        Flaw::ConfirmationDiffers => field("confirmation", FieldReason::ConfirmationDiffers),
        Flaw::Captcha => field("captcha", FieldReason::CaptchaRefused),
    }
}
