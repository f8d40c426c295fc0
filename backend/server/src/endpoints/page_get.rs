//! A page of the portal's configuration: legal notice, contacts.

use axum::Json;
use axum::extract::Path;
use portique_shared::api::page::PageView;
use portique_shared::api::problem::{ErrorCode, Problem};

use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutPortal};

// Below [`paths::PAGES`](portique_shared::api::paths::PAGES), where the routes' table puts it.
#[utoipa::path(
    get, path = "/{slug}", tag = "portal",
    params(("slug" = String, Path, description = "As in the portal's `pages`")),
    responses(
        (status = 200, body = PageView),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "The slug is no UTF-8"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "The portal has no such page"),
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn page_get(
    CurrentSite(site): CurrentSite,
    slug: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<PageView>, ApiError> {
    // A slug that is no UTF-8.
    let Path(slug) = slug.map_err(|_| ApiError::new(ErrorCode::InvalidRequest))?;
    site.pages
        .get(&slug)
        .cloned()
        .map(Json)
        .ok_or(ApiError::new(ErrorCode::NotFound))
}
