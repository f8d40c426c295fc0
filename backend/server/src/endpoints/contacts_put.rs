//! «Mettre à jour»: what is emptied is removed, what is new waits for the code that proves it.

use axum::Json;
use axum::extract::State;
use portique_domain::contact::Contact;
use portique_domain::phone;
use portique_domain::use_cases::security::contacts::{Wanted, update};
use portique_shared::api::contacts::{ContactKind, ContactsRequest, ContactsView};
use portique_shared::api::paths;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::types::EmailAddress;

use super::contacts_view::{name, view};
use super::security_view::changer;
use crate::http::asker::Client;
use crate::http::body::JsonBody;
use crate::http::problem::{ApiError, field};
use crate::http::refusals::{
    Anywhere, BadBody, NoFactorLeft, NotOffered, TooOften, WithoutPortal, WithoutProof,
};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    put, path = paths::CONTACTS, tag = "account", request_body = ContactsRequest,
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = ContactsView, description = "Removed, or waiting for the code that is on its way"),
        BadBody,
        WithoutProof,
        NotOffered,
        NoFactorLeft,
        TooOften,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn contacts_put(
    State(state): State<AppState>,
    client: Client,
    FullSession(of): FullSession,
    JsonBody(body): JsonBody<ContactsRequest>,
) -> Result<Json<ContactsView>, ApiError> {
    let wanted = wanted(&body).map_err(ApiError::fields)?;
    let contacts = update(&state.tools, changer(&client, &of), &wanted).await?;
    state.outbox_bell.notify_one();
    Ok(Json(view(
        &client,
        &of.session,
        contacts,
        state.tools.clock.now(),
    )))
}

/// What the form says, or all that is wrong with it.
fn wanted(body: &ContactsRequest) -> Result<Wanted, Vec<FieldProblem>> {
    let (mut wanted, mut problems) = (Wanted::new(), Vec::new());
    for (kind, text) in [
        (ContactKind::RescueEmail, &body.rescue_email),
        (ContactKind::RescuePhone, &body.rescue_phone),
    ] {
        let Some(text) = text.as_deref().map(str::trim) else {
            continue;
        };
        let new = match kind {
            _ if text.is_empty() => Some(None),
            ContactKind::RescueEmail => EmailAddress::parse(text).ok().map(Contact::Email).map(Some),
            ContactKind::RescuePhone => phone::parse(text).ok().map(Contact::Phone).map(Some),
        };
        match new {
            Some(new) => {
                wanted.insert(kind, new);
            }
            None => problems.push(field(name(kind), FieldReason::Malformed)),
        }
    }
    if problems.is_empty() {
        Ok(wanted)
    } else {
        Err(problems)
    }
}
