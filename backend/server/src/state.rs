//! What every request may use.

use std::sync::Arc;

use ipnet::IpNet;
use portique_domain::use_cases::Tools;
use tokio::sync::Notify;

use crate::demo::Demo;
use crate::shell::Shells;
use crate::site::Sites;

/// Shared by all requests; cloning shares it.
#[derive(Clone)]
pub struct AppState {
    pub tools: Tools,
    pub sites: Arc<Sites>,
    pub shells: Arc<Shells>,
    pub trusted_proxies: Arc<[IpNet]>,
    /// Told when a message was queued, so that it leaves at once and not at the worker's next round.
    pub outbox_bell: Arc<Notify>,
    /// `None` outside the demo.
    pub demo: Option<Arc<Demo>>,
}
