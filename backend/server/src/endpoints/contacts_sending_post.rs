//! A code for a new rescue address or telephone, or another one.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::contacts::send;
use portique_shared::api::contacts::{ContactsView, SendContactCodeRequest};
use portique_shared::api::paths;

use super::contacts_view::view;
use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::http::refusals::{
    Anywhere, BadBody, FromAnotherSite, NothingWaits, TooOften, WithoutFullSession, WithoutPortal,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CONTACTS_SENDING, tag = "account", request_body = SendContactCodeRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = ContactsView, description = "A code is on its way; the one before is good for nothing"),
        BadBody,
        NothingWaits,
        TooOften,
        FromAnotherSite,
        WithoutFullSession,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn contacts_sending_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<SendContactCodeRequest>,
) -> Result<Json<ContactsView>, ApiError> {
    let contacts = send(&state.tools, changer(&client, &of), body.kind).await?;
    state.outbox_bell.notify_one();
    Ok(Json(view(
        &client,
        &of.session,
        contacts,
        state.tools.clock.now(),
    )))
}
