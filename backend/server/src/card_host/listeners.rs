//! Where cards come in: a listener for browsers, whose TLS ends here, and one for proxies that end it. Neither is the portals'.

use core::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;

use super::tls::CardTls;
use super::{Way, router};
use crate::config::Config;
use crate::connections;
use crate::state::AppState;

/// Those that the configuration has.
#[derive(Default)]
pub struct CardListeners {
    tls: Option<(TcpListener, CardTls)>,
    proxy: Option<(TcpListener, Router)>,
}

impl CardListeners {
    /// `authorities`: their names, for browsers to choose by.
    ///
    /// # Errors
    /// What of the server's certificate can't be used; an address that can't be listened on.
    pub async fn bind(config: &Config, authorities: &[Vec<u8>], state: &AppState) -> anyhow::Result<Self> {
        let Some(cards) = &config.cards else {
            return Ok(Self::default());
        };
        let tls = match &cards.tls {
            Some(settings) => {
                let tls = CardTls::new(settings, authorities, state)
                    .map_err(|fault| anyhow::anyhow!("{}: key `cards.tls.{fault}", config.file.display()))?;
                Some((listen("cards.tls.listen", settings.listen).await?, tls))
            }
            None => None,
        };
        let proxy = match &cards.proxy {
            Some(settings) => {
                let router = router(state.clone(), &Way::Proxy(Arc::clone(settings)));
                Some((listen("cards.proxy.listen", settings.listen).await?, router))
            }
            None => None,
        };
        Ok(Self { tls, proxy })
    }

    /// Where browsers show their cards.
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls.as_ref()?.0.local_addr().ok()
    }

    /// Where proxies bring them.
    pub fn proxy_address(&self) -> Option<SocketAddr> {
        self.proxy.as_ref()?.0.local_addr().ok()
    }

    /// Serves both until `stop` completes, and what is under way after it.
    pub async fn serve<S>(self, stop: impl Fn() -> S)
    where
        S: Future<Output = ()>,
    {
        let tls = async {
            if let Some((listener, tls)) = self.tls {
                connections::serve_over(listener, tls, stop()).await;
            }
        };
        let proxy = async {
            if let Some((listener, router)) = self.proxy {
                connections::serve(listener, router, stop()).await;
            }
        };
        tokio::join!(tls, proxy);
    }
}

async fn listen(key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{key}: {address} can't be listened on"))
}
