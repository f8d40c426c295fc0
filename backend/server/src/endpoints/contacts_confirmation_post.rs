//! The code as typed: the new rescue address or telephone counts from then on, or the code is refused.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::contacts::confirm;
use portique_shared::api::contacts::{ConfirmContactRequest, ContactsView};
use portique_shared::api::paths;
use portique_shared::api::problem::FieldReason;
use portique_shared::types::OneTimeCode;

use super::contacts_view::view;
use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{
    Anywhere, BadBody, FromAnotherSite, NothingWaits, TooMuch, WithoutFullSession, WithoutPortal,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    post, path = paths::CONTACTS_CONFIRMATION, tag = "account", request_body = ConfirmContactRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = ContactsView, description = "In the record; what else waits gets its own code now"),
        BadBody,
        NothingWaits,
        TooMuch,
        FromAnotherSite,
        WithoutFullSession,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn contacts_confirmation_post(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<ConfirmContactRequest>,
) -> Result<Json<ContactsView>, ApiError> {
    // A slip of the fingers costs no try.
    let code = OneTimeCode::parse(&body.code)
        .map_err(|_| ApiError::fields(vec![field("code", FieldReason::Malformed)]))?;
    let contacts = confirm(&state.tools, changer(&client, &of), body.kind, &code).await?;
    state.outbox_bell.notify_one();
    Ok(Json(view(
        &client,
        &of.session,
        contacts,
        state.tools.clock.now(),
    )))
}
