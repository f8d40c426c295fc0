//! Where a link stands.

use axum::Json;
use axum::extract::State;
use portique_domain::link::LinkToken;
use portique_domain::recovery::Application;
use portique_domain::use_cases::links::{LinkError, open};
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::{Applicant, LinkRequest, LinkState, LinkView};

use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadBody, FromAnotherSite, TooOften, WithoutPortal};
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::LINK, tag = "recovery", request_body = LinkRequest,
    responses(
        (status = 200, body = LinkView, description = "Where it stands; looking changes nothing"),
        BadBody,
        TooOften,
        FromAnotherSite,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn link_post(
    State(state): State<AppState>,
    client: Client,
    JsonBody(body): JsonBody<LinkRequest>,
) -> Result<Json<LinkView>, ApiError> {
    let portal = &client.site.portal;
    let token = LinkToken::from_request(&body.token);
    let asked_as_proof = portal
        .recovery
        .password
        .as_ref()
        .is_some_and(|password| password.asks_identifier);
    let view = match open(&state.tools, portal, &token, client.address).await {
        Ok(opened) => LinkView {
            state: LinkState::Good,
            identifier: opened
                .account()
                .filter(|_| !asked_as_proof)
                .map(|account| account.record.identifier.to_string()),
            applicant: opened.request().map(|request| applicant(&request.application)),
        },
        Err(LinkError::Spent(state)) => LinkView {
            state,
            identifier: None,
            applicant: None,
        },
        Err(error) => return Err(error.into()),
    };
    Ok(Json(view))
}

fn applicant(application: &Application) -> Applicant {
    Applicant {
        given_name: application.given_name.clone(),
        family_name: application.family_name.clone(),
        profession: application.profession.clone(),
        national_id: application.national_id.as_ref().map(|id| id.number().to_owned()),
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Spent(_) => Self::new(ErrorCode::LinkSpent),
            LinkError::Blocked { retry_after } => Self::retry_after(ErrorCode::TooManyRequests, retry_after),
            LinkError::Unjudged(error) => error.into(),
            LinkError::Store(error) => error.into(),
        }
    }
}
