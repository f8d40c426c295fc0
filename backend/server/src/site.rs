//! A portal as the server shows it: its rules, its view, its services, its pages.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use portique_delivery::render::Quoted;
use portique_domain::account::Record;
use portique_domain::folding::fold;
use portique_domain::portal::{Portal, PortalName, Portals};
use portique_shared::api::page::{PageView, ServiceView};
use portique_shared::api::portal::{PortalView, RecoveryScreen};
use serde::Deserialize;

use crate::config::Picture;
use crate::places::Places;

/// A portal and all that is shown of it.
#[derive(Clone, Debug)]
pub struct Site {
    pub portal: Portal,
    pub view: PortalView,
    /// In lower case, without port.
    pub hosts: Vec<String>,
    pub places: Places,
    pub services: Vec<Service>,
    /// Those that the operator added.
    pub pictures: Vec<Picture>,
    /// By slug.
    pub pages: BTreeMap<String, PageView>,
    /// The portal's colours as CSS custom properties.
    pub css: String,
}

#[derive(Clone, Debug)]
pub struct Service {
    pub view: ServiceView,
    pub audience: Audience,
}

/// Who sees a service. Both conditions hold where both are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Audience {
    /// Only privileged accounts.
    pub privileged: bool,
    /// Only these professions, as the national directory labels them; empty for all.
    pub professions: Vec<String>,
}

impl Site {
    /// The operator's picture at that path.
    pub fn picture(&self, path: &str) -> Option<&Picture> {
        self.pictures.iter().find(|picture| picture.path == path)
    }

    /// Whether the portal is reached over TLS; cookies and headers follow.
    pub fn is_secure(&self) -> bool {
        self.portal.public_url.starts_with("https://")
    }

    /// The host that asks for cards, in lower case and without port.
    pub fn card_host(&self) -> Option<String> {
        let (_, host) = self.portal.card.as_ref()?.url.split_once("://")?;
        Some(without_port(host).to_lowercase())
    }

    /// The scheme of the portal's pages, which is that of their origin.
    pub fn scheme(&self) -> &'static str {
        if self.is_secure() { "https" } else { "http" }
    }

    /// The services that the person of `record` may see, in the portal's order.
    pub fn services_for(&self, record: &Record) -> Vec<ServiceView> {
        self.services
            .iter()
            .filter(|service| sees(&service.audience, record))
            .map(|service| service.view.clone())
            .collect()
    }
}

fn sees(audience: &Audience, record: &Record) -> bool {
    let profession = record.profession.as_deref().map(fold);
    let by_profession = audience.professions.is_empty()
        || audience
            .professions
            .iter()
            .any(|allowed| Some(fold(allowed)) == profession);
    by_profession && (!audience.privileged || record.privileges.any())
}

/// Every portal of the installation.
#[derive(Clone, Debug)]
pub struct Sites {
    sites: Vec<Arc<Site>>,
    default: Option<PortalName>,
}

impl Sites {
    pub fn new(sites: Vec<Site>, default: Option<PortalName>) -> Self {
        Self {
            sites: sites.into_iter().map(Arc::new).collect(),
            default,
        }
    }

    /// The portal that answers to `host` (with or without port), else the default one, else none.
    pub fn by_host(&self, host: &str) -> Option<&Arc<Site>> {
        let host = normal(host);
        self.sites
            .iter()
            .find(|site| site.hosts.contains(&host))
            .or_else(|| self.default_site())
    }

    /// The portals that ask for cards on that host (with or without port).
    pub fn asking_for_cards_at(&self, host: &str) -> impl Iterator<Item = &Arc<Site>> {
        let host = normal(host);
        self.sites
            .iter()
            .filter(move |site| site.card_host().is_some_and(|own| own == host))
    }

    pub fn by_name(&self, name: &PortalName) -> Option<&Arc<Site>> {
        self.sites.iter().find(|site| site.portal.name == *name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Site>> {
        self.sites.iter()
    }

    /// What the rules know of them.
    pub fn portals(&self) -> Portals {
        Portals::new(self.sites.iter().map(|site| site.portal.clone()))
    }

    /// What mails quote of their screens.
    pub fn quoted_by_mails(&self) -> HashMap<PortalName, Quoted> {
        let quoted = |site: &Site| {
            let link = |screen: &RecoveryScreen| screen.link.clone();
            let offered = &site.view.recovery;
            Quoted {
                lost_password: offered.password.as_ref().map(|password| link(&password.screen)),
                first_connection: offered.first_connection.as_ref().map(link),
            }
        };
        let named = |site: &Arc<Site>| (site.portal.name.clone(), quoted(site));
        self.sites.iter().map(named).collect()
    }

    fn default_site(&self) -> Option<&Arc<Site>> {
        self.default.as_ref().and_then(|name| self.by_name(name))
    }
}

fn normal(host: &str) -> String {
    without_port(host).trim_end_matches('.').to_lowercase()
}

/// `paca.example` of `paca.example:8080`.
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_its_port() {
        assert_eq!(without_port("paca.localhost:8080"), "paca.localhost");
        assert_eq!(without_port("[::1]:8080"), "[::1]");
        assert_eq!(without_port("paca.localhost"), "paca.localhost");
    }
}
