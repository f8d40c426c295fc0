//! «MES SERVICES E-SANTÉ»: those that the person signed in may see.

use axum::Json;
use portique_shared::api::page::ServiceView;
use portique_shared::api::paths;
use portique_shared::api::problem::Problem;

use crate::http::portal::CurrentSite;
use crate::http::session::FullSession;

#[utoipa::path(get, path = paths::SERVICES, tag = "portal", responses(
    (status = 200, body = Vec<ServiceView>),
    (status = 401, body = Problem, content_type = "application/problem+json"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "The provisional password must be changed first"),
    (status = 421, body = Problem, content_type = "application/problem+json"),
))]
pub async fn services_get(
    CurrentSite(site): CurrentSite,
    FullSession(of): FullSession,
) -> Json<Vec<ServiceView>> {
    Json(site.services_for(&of.account.record))
}
