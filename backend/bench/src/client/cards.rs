//! Signing in with a card, as a browser does: a ceremony is begun, the card is shown on its own host, and the answer is redeemed.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use portique_shared::api::card::{CardAnswerRequest, CardBegun};
use portique_shared::api::paths;
use serde::{Deserialize, Serialize};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::connection::{Answer, Connection, connect};
use super::requests::post_with;
use crate::server::CARD_HOST;

/// Whose cards are shown, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardSignIns {
    /// Of the host that asks for cards.
    pub host: SocketAddr,
    /// The authority of that host's own certificate, DER.
    pub trusted: Vec<u8>,
    pub cards: Vec<ShownCard>,
}

/// A card in its reader.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShownCard {
    /// DER, the holder's first, without the root.
    pub chain: Vec<Vec<u8>>,
    /// PKCS #8.
    pub key: Vec<u8>,
}

/// The same, ready to shake hands.
pub struct Cards {
    host: SocketAddr,
    connectors: Vec<TlsConnector>,
}

impl Cards {
    pub fn new(sign_ins: &CardSignIns) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(sign_ins.trusted.clone().into())?;
        let roots = Arc::new(roots);
        let connectors = sign_ins.cards.iter().map(|card| connector(card, &roots));
        Ok(Self {
            host: sign_ins.host,
            connectors: connectors.collect::<anyhow::Result<_>>()?,
        })
    }

    /// Goes the whole way with the card whose turn it is. `first` begins. Gives the last answer; any before
    /// that is not as it should be ends the load.
    pub async fn sign_in<'a>(
        &self,
        turn: usize,
        from: IpAddr,
        portal: &'a mut Connection,
        first: &[u8],
    ) -> anyhow::Result<Answer<'a>> {
        let begun = portal.ask(first).await?;
        anyhow::ensure!(begun.status == 200, "no card may be shown: {}", begun.status);
        let cookie = begun.header("set-cookie").context("a ceremony has a cookie")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let begun: CardBegun = serde_json::from_slice(begun.body)?;
        let (_, path) = begun
            .url
            .split_once(CARD_HOST)
            .context("it leads to the cards' host")?;

        let connector = &self.connectors[turn % self.connectors.len()];
        let stream = connect(self.host, from).await?;
        let stream = connector
            .connect(ServerName::try_from(CARD_HOST)?, stream)
            .await?;
        let mut host = Connection::over(stream);
        let shown = host
            .ask(format!("GET {path} HTTP/1.1\r\nhost: {CARD_HOST}\r\n\r\n").as_bytes())
            .await?;
        let location = shown
            .header("location")
            .context("the card's host goes on somewhere")?;
        let (_, token) = location.split_once('#').context("it goes on with a token")?;
        let token = token.to_owned();

        let body = serde_json::to_string(&CardAnswerRequest { token })?;
        let answer = post_with(
            paths::CARD_SIGN_IN_ANSWER,
            &format!("cookie: {cookie}\r\n"),
            &body,
        );
        portal.ask(&answer).await
    }
}

/// No session is resumed: each connection shows the card anew, as another person's browser would.
fn connector(card: &ShownCard, roots: &Arc<RootCertStore>) -> anyhow::Result<TlsConnector> {
    let chain = card.chain.iter().cloned().map(CertificateDer::from).collect();
    let key =
        PrivateKeyDer::try_from(card.key.clone()).map_err(|why| anyhow::anyhow!("a card's key: {why}"))?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_root_certificates(Arc::clone(roots))
        .with_client_auth_cert(chain, key)?;
    config.resumption = Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}
