//! The rescue address and telephone, and what waits for its code: the page shows it again after a detour to the message.

use axum::Json;
use axum::extract::State;
use portique_domain::use_cases::security::contacts::look;
use portique_shared::api::contacts::ContactsView;
use portique_shared::api::paths;

use super::contacts_view::view;
use crate::http::asker::Client;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::CONTACTS, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = ContactsView), WithoutFullSession, WithoutPortal, Anywhere),
)]
pub async fn contacts_get(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
) -> Result<Json<ContactsView>, ApiError> {
    let contacts = look(&state.tools, &of).await?;
    Ok(Json(view(
        &client,
        &of.session,
        contacts,
        state.tools.clock.now(),
    )))
}
