//! Who asks, signed in or not: from which portal, from where, in which language, with which browser.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use portique_domain::browser::Browser;
use portique_domain::session::Visitor;
use portique_domain::use_cases::ask::Asker;
use portique_shared::Language;

use super::client::ClientAddress;
use super::language::PageLanguage;
use super::portal::CurrentSite;
use super::problem::ApiError;
use super::user_agent;
use crate::site::Site;
use crate::state::AppState;

/// A client of whom nothing is known but this.
pub struct Client {
    pub site: Arc<Site>,
    pub address: IpAddr,
    pub browser: Browser,
    pub language: Language,
}

impl Client {
    pub fn visitor(&self) -> Visitor {
        Visitor {
            address: self.address,
            browser: self.browser,
        }
    }

    pub fn asker(&self) -> Asker<'_> {
        Asker {
            portal: &self.site.portal,
            language: self.language,
            address: self.address,
        }
    }
}

impl FromRequestParts<AppState> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let CurrentSite(site) = CurrentSite::from_request_parts(parts, state).await?;
        let Ok(ClientAddress(address)) = ClientAddress::from_request_parts(parts, state).await;
        let Ok(PageLanguage(language)) = PageLanguage::from_request_parts(parts, state).await;
        Ok(Self {
            site,
            address,
            browser: user_agent::browser(&parts.headers),
            language,
        })
    }
}
