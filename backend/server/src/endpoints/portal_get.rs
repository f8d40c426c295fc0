//! The portal that answers to this host.

use axum::Json;
use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;

use crate::http::portal::CurrentSite;
use crate::http::refusals::{Anywhere, WithoutPortal};

#[utoipa::path(
    get, path = paths::PORTAL, tag = "portal",
    responses((status = 200, body = PortalView), WithoutPortal, Anywhere),
)]
pub async fn portal_get(CurrentSite(site): CurrentSite) -> Json<PortalView> {
    Json(site.view.clone())
}
