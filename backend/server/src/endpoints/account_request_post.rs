//! An account is asked for.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use portique_domain::recovery::{Application, Wish};
use portique_shared::api::account_request::AccountRequest;
use portique_shared::api::paths;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::api::recovery::RequestTaken;
use portique_shared::types::{EmailAddress, NationalId, is_invisible};

use super::asking::take_down;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, NotOffered, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::ACCOUNT_REQUESTS, tag = "recovery", request_body = AccountRequest,
    responses(
        (status = 202, body = RequestTaken, description = "Taken down; a mail asks to prove the address"),
        NotOffered,
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn account_request_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<AccountRequest>,
) -> Result<(StatusCode, Json<RequestTaken>), ApiError> {
    let wish = Wish::Account(application(&body).map_err(ApiError::fields)?);
    take_down(&state, &client, &wish, body.captcha.as_ref()).await
}

/// What the form says, or all that is wrong with it.
fn application(body: &AccountRequest) -> Result<Application, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut one_line = |name: &str, text: &str| {
        let text = text.trim().to_owned();
        // The agency reads it in a list, which a character of form could turn around.
        let odd = |character: char| character.is_control() || is_invisible(character);
        if !text.chars().any(char::is_alphabetic) || text.chars().any(odd) {
            problems.push(field(name, FieldReason::Malformed));
        }
        text
    };
    let given_name = one_line("given_name", &body.given_name);
    let family_name = one_line("family_name", &body.family_name);
    let profession = one_line("profession", &body.profession);
    let email = EmailAddress::parse(&body.email);
    if email.is_err() {
        problems.push(field("email", FieldReason::Malformed));
    }
    let number = body.national_id.trim();
    let national_id = (!number.is_empty()).then(|| NationalId::parse(number));
    if matches!(national_id, Some(Err(_))) {
        problems.push(field("national_id", FieldReason::Malformed));
    }
    if !body.consent {
        problems.push(field("consent", FieldReason::ConsentRequired));
    }
    match (email, problems.is_empty()) {
        (Ok(email), true) => Ok(Application {
            given_name,
            family_name,
            profession,
            national_id: national_id.and_then(Result::ok),
            email,
        }),
        _ => Err(problems),
    }
}
