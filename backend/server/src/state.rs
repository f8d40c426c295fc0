//! What every request may use.

use std::ops::Deref;
use std::sync::Arc;

use ipnet::IpNet;
use portique_delivery::sms::Sms;
use portique_domain::card::CardJudge;
use portique_domain::use_cases::Tools;
use tokio::sync::Notify;

use crate::config::CardsProxy;
use crate::demo::Demo;
use crate::shell::Shells;
use crate::site::Sites;

/// Shared by all requests. One pointer, because layers and extractors clone it several times a request.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// What is shared.
pub struct Shared {
    pub tools: Tools,
    pub sites: Arc<Sites>,
    pub shells: Arc<Shells>,
    pub trusted_proxies: Arc<[IpNet]>,
    /// Told when a message was queued, so that it leaves at once and not at the worker's next round.
    pub outbox_bell: Arc<Notify>,
    /// What SMS leave by, and tells of them.
    pub sms: Option<Sms>,
    /// `None` where the installation takes no cards.
    pub cards: Option<CardsState>,
    /// `None` outside the demo.
    pub demo: Option<Arc<Demo>>,
}

/// How cards are judged and come here.
pub struct CardsState {
    pub judge: Arc<dyn CardJudge>,
    pub proxy: Option<Arc<CardsProxy>>,
}

impl AppState {
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
