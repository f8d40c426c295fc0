//! The record of the person signed in.

use axum::Json;
use portique_domain::account::{Account, PasswordState};
use portique_shared::api::account::AccountView;
use portique_shared::api::paths;

use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;

#[utoipa::path(
    get, path = paths::ACCOUNT, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = AccountView), WithoutFullSession, WithoutPortal, Anywhere),
)]
pub async fn account_get(FullSession(of): FullSession) -> Json<AccountView> {
    Json(view(of.account))
}

fn view(account: Account) -> AccountView {
    let record = account.record;
    AccountView {
        identifier: record.identifier.into(),
        email: record.email.into(),
        rescue_email: record.rescue_email.map(Into::into),
        rescue_phone: record.rescue_phone.map(Into::into),
        civility: record.civility.map(|civility| civility.label().to_owned()),
        given_name: record.given_name,
        family_name: record.family_name,
        profession: record.profession,
        national_id: record.national_id,
        privileged: record.privileges.any(),
        password_changed_at: match account.password {
            PasswordState::Definitive { changed_at, .. } => Some(changed_at.to_string()),
            PasswordState::None | PasswordState::Provisional { .. } => None,
        },
    }
}
