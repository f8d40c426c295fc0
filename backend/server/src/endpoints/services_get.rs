//! «MES SERVICES E-SANTÉ»: those that the person signed in may see.

use axum::Json;
use portique_shared::api::page::ServiceView;
use portique_shared::api::paths;

use crate::http::portal::CurrentSite;
use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;

#[utoipa::path(
    get, path = paths::SERVICES, tag = "portal",
    security(("session" = []), ("session_in_clear" = [])),
    responses((status = 200, body = Vec<ServiceView>), WithoutFullSession, WithoutPortal, Anywhere),
)]
pub async fn services_get(
    CurrentSite(site): CurrentSite,
    FullSession(of): FullSession,
) -> Json<Vec<ServiceView>> {
    Json(site.services_for(&of.account.record))
}
