//! The client's address, for limits and the audit trail.

use core::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::state::AppState;

/// Where the request comes from, seen through the trusted proxies.
pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|peer| peer.0.ip());
        // Only a test that calls the router without a connection has none.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        Ok(Self(client_address(peer, &parts.headers, &state.trusted_proxies)))
    }
}

/// Walks `X-Forwarded-For` from its end, through trusted proxies only: what stands before the first stranger is hearsay.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address.to_canonical()));
    let mut nearest = peer;
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in forwarded.iter().rev() {
        if !is_trusted(nearest) {
            break;
        }
        let Some(address) = address_of(hop.trim()) else {
            break;
        };
        nearest = address;
    }
    nearest
}

/// Some proxies add the client's port: `192.0.2.1:4711`, `[2001:db8::1]:4711`; some write IPv6 in brackets without one.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    hop.parse()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| bracketed().map(IpAddr::V6))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_strangers_word_about_the_address_is_not_believed() {
        assert_eq!(seen("192.0.2.9", "198.51.100.1"), "192.0.2.9");
    }

    #[test]
    fn a_trusted_proxy_names_the_client_and_the_client_names_nobody() {
        assert_eq!(seen("10.0.0.1", "203.0.113.7, 198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", "198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn a_port_behind_an_address_is_none_of_our_business() {
        assert_eq!(seen("10.0.0.1", "192.0.2.1:4711"), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "2001:db8::1"), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", "198.51.100.1:1, 10.0.0.2:4711"), "198.51.100.1");
        for nonsense in ["[192.0.2.1]", "192.0.2.1:", "192.0.2.1:port", "[2001:db8::1"] {
            assert_eq!(seen("10.0.0.1", nonsense), "10.0.0.1", "{nonsense}");
        }
    }
}
