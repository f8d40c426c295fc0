//! `[cards]` as written: whose certificates are believed, and how they come here.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::HeaderName;
use ipnet::IpNet;
use serde::Deserialize;

use super::secret::Secret;
use super::settings::ip_and_port;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardsSettings {
    /// Where fetched lists of revoked cards outlive a restart.
    pub folder: PathBuf,
    /// How long a list is believed past its next update, and a responder's last answer once it fails.
    #[serde(default = "default_grace")]
    pub grace_hours: u32,
    /// How often lists are fetched.
    #[serde(default = "default_refresh")]
    pub refresh_minutes: u32,
    /// The proxy by way of which lists and OCSP answers are fetched: `http://proxy.example:3128`.
    #[serde(default)]
    pub fetch_proxy: Option<String>,
    #[serde(default)]
    pub authorities: Vec<AuthoritySettings>,
    /// TLS that is ended here.
    #[serde(default)]
    pub tls: Option<CardsTlsSettings>,
    /// TLS that a proxy ends.
    #[serde(default)]
    pub proxy: Option<CardsProxySettings>,
}

const fn default_grace() -> u32 {
    24
}

const fn default_refresh() -> u32 {
    60
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritySettings {
    /// PEM, DER or `.p7b`: those that signed themselves are trust anchors, the others intermediates.
    pub file: PathBuf,
    /// What certificates are that an authority of this file issues directly.
    pub issues: IssuesWord,
    #[serde(default)]
    pub test: bool,
    /// Addresses, which the server fetches, or files.
    #[serde(default)]
    pub crls: Vec<String>,
    #[serde(default)]
    pub ocsp: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuesWord {
    Professionals,
    Contactless,
    Organisations,
    Nothing,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardsTlsSettings {
    #[serde(deserialize_with = "ip_and_port")]
    pub listen: SocketAddr,
    /// PEM, the host's own certificate first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: Secret,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardsProxySettings {
    /// For the proxies alone, which send the requests of the host that asks for cards here and no others: on the portals' listener
    /// the header says nothing, whatever a proxy lets through there.
    #[serde(deserialize_with = "ip_and_port")]
    pub listen: SocketAddr,
    /// Whose header is believed.
    pub from: Vec<IpNet>,
    /// The format's usual one where nothing is said.
    #[serde(default)]
    pub header: Option<String>,
    pub format: HeaderFormat,
}

/// How a proxy writes a certificate into a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeaderFormat {
    /// RFC 9440: `Client-Cert`, and `Client-Cert-Chain` beside it.
    Rfc9440,
    /// `$ssl_client_escaped_cert`.
    Nginx,
    /// `%{SSL_CLIENT_CERT}s`: PEM, with blanks where its lines end.
    Apache,
    /// `%[ssl_c_der,base64]`.
    Haproxy,
}

impl HeaderFormat {
    /// What the header is called where nothing else is said.
    pub const fn usual_header(self) -> HeaderName {
        match self {
            Self::Rfc9440 => HeaderName::from_static("client-cert"),
            Self::Nginx | Self::Apache | Self::Haproxy => HeaderName::from_static("x-ssl-client-cert"),
        }
    }
}
