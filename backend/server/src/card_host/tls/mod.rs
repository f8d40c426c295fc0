//! TLS that ends here and asks for a certificate.
//!
//! Whatever is shown is let through, and told what it is worth: nothing where the handshake's signature was not by its key. No
//! session is resumed, so that each connection asks anew.

mod certificate;
mod handshakes;
mod verifier;

use core::net::IpAddr;
use core::time::Duration;
use std::io;
use std::sync::Arc;

use axum::{Extension, Router};
use portique_domain::card::Presented;
use tokio::net::TcpStream;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::server::{Acceptor, NoServerSessionStorage};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, DistinguishedName, ServerConfig};
use tokio_rustls::server::TlsStream;

use self::certificate::{Identity, Served};
use self::handshakes::{Handshake, Handshakes};
use self::verifier::LetsThrough;
use super::{Way, router};
use crate::config::{CardsTls, ServerFilesFault};
use crate::connections::Transport;
use crate::state::AppState;

/// For the first message to arrive.
const GREETING: Duration = Duration::from_secs(20);

/// For the rest of the handshake, in the middle of which some browsers ask their person which certificate to show, and the card's
/// reader for the PIN.
const HANDSHAKE: Duration = Duration::from_mins(3);

/// The listener's own half: sockets apart, all that a connection needs.
pub struct CardTls {
    provider: Arc<CryptoProvider>,
    served: Served,
    /// Whose certificates are asked for: browsers offer their person no others.
    authorities: Arc<[DistinguishedName]>,
    handshakes: Handshakes,
    router: Router,
}

impl CardTls {
    /// Reads the server's certificate. `authorities`: their names, each the content of a `Name` in DER.
    ///
    /// # Errors
    /// What of the files can't be used.
    pub fn new(
        settings: &CardsTls,
        authorities: &[Vec<u8>],
        state: &AppState,
    ) -> Result<Self, ServerFilesFault> {
        let proxy = state.cards.as_ref().and_then(|cards| cards.proxy.clone());
        Ok(Self {
            provider: Arc::new(ring::default_provider()),
            served: Served::new(settings.files.clone())?,
            authorities: authorities
                .iter()
                .map(|name| DistinguishedName::in_sequence(name))
                .collect(),
            handshakes: Handshakes::default(),
            router: router(state.clone(), &Way::Tls { proxy }),
        })
    }

    /// A configuration for one connection, and what will be known of its handshake.
    fn config(&self, identity: Identity) -> Result<(Arc<ServerConfig>, Arc<LetsThrough>), rustls::Error> {
        let verifier = Arc::new(LetsThrough::new(
            Arc::clone(&self.provider),
            Arc::clone(&self.authorities),
        ));
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_client_cert_verifier(verifier.clone())
            .with_cert_resolver(identity);
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((Arc::new(config), verifier))
    }

    async fn shake_hands(&self, stream: TcpStream) -> Result<Shaken, Unfinished> {
        let from = stream.peer_addr()?.ip();
        let place = self.handshakes.begin(from).ok_or(Unfinished::Crowded(from))?;
        let greeting = LazyConfigAcceptor::new(Acceptor::default(), stream);
        let start = timeout(GREETING, greeting).await??;
        let (config, verifier) = self.config(self.served.current().await)?;
        let stream = timeout(HANDSHAKE, start.into_stream(config)).await??;
        let (_, connection) = stream.get_ref();
        let chain = connection.peer_certificates().unwrap_or_default();
        let presented = Presented {
            chain: chain.iter().map(|certificate| certificate.to_vec()).collect(),
            is_proved: verifier.has_proof(),
        };
        Ok(Shaken {
            stream,
            presented,
            place: Arc::new(place),
        })
    }
}

/// A connection whose handshake is done.
struct Shaken {
    stream: TlsStream<TcpStream>,
    presented: Presented,
    /// Held for the connection's life: else whoever shakes hands and says little holds all places without a share.
    place: Arc<Handshake>,
}

/// Why a connection came to no request.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error("{0} has too many handshakes under way")]
    Crowded(IpAddr),
    #[error(transparent)]
    Failed(#[from] io::Error),
    #[error("nothing was said for too long")]
    TooSlow(#[from] Elapsed),
    #[error("TLS can't be configured: {0}")]
    Configuration(#[from] rustls::Error),
}

impl Transport for CardTls {
    type Stream = TlsStream<TcpStream>;

    async fn open(&self, stream: TcpStream) -> Option<(Self::Stream, Router)> {
        let shaken = self.shake_hands(stream).await;
        let shaken = shaken.inspect_err(|error| match error {
            Unfinished::Crowded(_) => tracing::warn!(%error, "a card's handshake was not begun"),
            Unfinished::Configuration(_) => tracing::error!(%error, "a card's handshake was not begun"),
            // Browsers end one to ask their person, and begin again.
            Unfinished::Failed(_) | Unfinished::TooSlow(_) => {
                tracing::debug!(%error, "a card's handshake was not finished");
            }
        });
        let Shaken {
            stream,
            presented,
            place,
        } = shaken.ok()?;
        let router = self.router.clone();
        Some((stream, router.layer(Extension(presented)).layer(Extension(place))))
    }
}
