//! What the server says of a password being typed: the blocklist, the strength.

use axum::Json;
use portique_domain::password::Password;
use portique_domain::use_cases::check_password::check_password;
use portique_shared::api::account::{CheckPasswordRequest, PasswordVerdict};
use portique_shared::api::paths;

use crate::http::body::JsonBody;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, WithoutPortal, WithoutSession};
use crate::http::session::AnySession;

#[utoipa::path(
    post, path = paths::PASSWORD_CHECK, tag = "account", request_body = CheckPasswordRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = PasswordVerdict),
        BadBody,
        WithoutSession,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn password_check_post(
    CurrentSite(site): CurrentSite,
    AnySession(of): AnySession,
    JsonBody(body): JsonBody<CheckPasswordRequest>,
) -> Result<Json<PasswordVerdict>, ApiError> {
    let password = Password::new(&body.new_password);
    let verdict = check_password(&site.portal, &of.account.record, &password).await?;
    Ok(Json(verdict))
}
