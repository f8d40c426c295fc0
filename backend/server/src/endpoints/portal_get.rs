//! The portal that answers to this host.

use axum::Json;
use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;
use portique_shared::api::problem::Problem;

use crate::http::portal::CurrentSite;

#[utoipa::path(get, path = paths::PORTAL, tag = "portal", responses(
    (status = 200, body = PortalView),
    (status = 421, body = Problem, content_type = "application/problem+json"),
))]
pub async fn portal_get(CurrentSite(site): CurrentSite) -> Json<PortalView> {
    Json(site.view.clone())
}
