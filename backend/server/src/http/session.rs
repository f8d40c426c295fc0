//! The session behind a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use portique_domain::session::{SessionOf, SessionScope};
use portique_domain::use_cases::session::find;
use portique_shared::api::problem::ErrorCode;

use super::cookie;
use super::portal::CurrentSite;
use super::problem::ApiError;
use crate::state::AppState;

/// The live session of the request, if there is one.
pub struct MaybeSession(pub Option<SessionOf>);

/// A live session, be it only good for the change of password; without one, 401.
pub struct AnySession(pub SessionOf);

/// A live session that opens everything; with a provisional password, 403.
pub struct FullSession(pub SessionOf);

impl FromRequestParts<AppState> for MaybeSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let CurrentSite(site) = CurrentSite::from_request_parts(parts, state).await?;
        let Some(token) = cookie::session_token(&site, &parts.headers) else {
            return Ok(Self(None));
        };
        Ok(Self(find(&state.tools, &site.portal, &token).await?))
    }
}

impl FromRequestParts<AppState> for AnySession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let MaybeSession(session) = MaybeSession::from_request_parts(parts, state).await?;
        session.map(Self).ok_or(ApiError::new(ErrorCode::SessionRequired))
    }
}

impl FromRequestParts<AppState> for FullSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let AnySession(of) = AnySession::from_request_parts(parts, state).await?;
        match of.session.scope {
            SessionScope::Full => Ok(Self(of)),
            SessionScope::PasswordChange => Err(ApiError::new(ErrorCode::PasswordChangeRequired)),
        }
    }
}
