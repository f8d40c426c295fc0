//! «Annuler»: what waits for its code is given up.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::contacts::cancel;
use portique_shared::api::contacts::ContactsView;
use portique_shared::api::paths;

use super::contacts_view::view;
use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, FromAnotherSite, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    delete, path = paths::CONTACTS, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = ContactsView, description = "Nothing waits (any more); the record is as it was"),
        FromAnotherSite,
        WithoutFullSession,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn contacts_delete(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<Json<ContactsView>, ApiError> {
    let contacts = cancel(&state.tools, changer(&client, &of)).await?;
    Ok(Json(view(
        &client,
        &of.session,
        contacts,
        state.tools.clock.now(),
    )))
}
