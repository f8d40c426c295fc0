//! The browsers that stand in for the second step of the person signed in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use portique_domain::remembered_browser::{BrowserToken, RememberedBrowser};
use portique_domain::use_cases::browsers::list;
use portique_shared::api::own_sessions::OwnBrowser;
use portique_shared::api::paths;

use super::own_session_view::{browser_view, use_view};
use crate::http::cookie;
use crate::http::portal::CurrentSite;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, WithoutFullSession, WithoutPortal};
use crate::http::session::FullSession;
use crate::state::AppState;

#[utoipa::path(
    get, path = paths::OWN_BROWSERS, tag = "account",
    security(("session" = []), ("session_in_clear" = [])),
    responses(
        (status = 200, body = Vec<OwnBrowser>, description = "None where the portal remembers no browser"),
        WithoutFullSession,
        WithoutPortal,
        Anywhere,
    ),
)]
pub async fn own_browsers_get(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    headers: HeaderMap,
    FullSession(of): FullSession,
) -> Result<Json<Vec<OwnBrowser>>, ApiError> {
    let held = cookie::browser_token(&site, &headers);
    let held = held.as_ref().map(BrowserToken::hash);
    let browsers = list(&state.tools, &site.portal, &of).await?;
    let view = |browser: &RememberedBrowser| OwnBrowser {
        id: browser.id.0.to_string(),
        current: held == Some(browser.token),
        browser: browser_view(browser.browser),
        remembered: use_view(&site, browser.remembered),
        last_used: use_view(&site, browser.last_used),
        expires_at: browser.expires_at.to_string(),
    };
    Ok(Json(browsers.iter().map(view).collect()))
}
