//! What a request brought of a card, and from whom.

use core::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use portique_domain::card::{CardFault, Presented};

use super::header;
use crate::config::{CardsProxy, HeaderFormat};

/// What is to be judged, or why it is not even looked at.
pub(super) type Shown = Result<Presented, CardFault>;

/// RFC 9440.
const CHAIN: HeaderName = HeaderName::from_static("client-cert-chain");

/// By TLS that ended here: the handshake's own. A header that says otherwise is somebody's who tries.
pub(super) fn by_tls(request: &Request, proxy: Option<&CardsProxy>) -> Shown {
    let usual = HeaderFormat::Rfc9440.usual_header();
    let known = [Some(&usual), Some(&CHAIN), proxy.map(|proxy| &proxy.header)];
    let headers = request.headers();
    if known
        .into_iter()
        .flatten()
        .any(|name| says_something(headers, name))
    {
        return Err(CardFault::SpoofedHeader);
    }
    let presented = request.extensions().get::<Presented>();
    Ok(presented.cloned().unwrap_or_default())
}

/// By the header of a proxy, which is believed by where the connection comes from: what `X-Forwarded-For` says counts for nothing
/// here.
pub(super) fn by_proxy(request: &Request, proxy: &CardsProxy) -> Shown {
    let headers = request.headers();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let believed = peer.is_some_and(|peer| is_a_proxy(proxy, peer.0.ip()));
    let is_chained = proxy.format == HeaderFormat::Rfc9440;
    if !believed {
        let tries = says_something(headers, &proxy.header) || says_something(headers, &CHAIN);
        return if tries {
            // Somebody who tries, or a proxy of one's own that `from` forgets: the card is not at fault.
            let peer = peer.map(|peer| peer.0.ip());
            tracing::warn!(
                ?peer,
                "a card's header from an address that cards.proxy.from does not name"
            );
            Err(CardFault::SpoofedHeader)
        } else {
            Ok(Presented::default())
        };
    }
    let Some(own) = only(headers, &proxy.header)? else {
        return Ok(Presented::default());
    };
    let mut chain = header::certificates(own, proxy.format).ok_or(CardFault::Unreadable)?;
    if is_chained
        && !chain.is_empty()
        && let Some(others) = only(headers, &CHAIN)?
    {
        chain.extend(header::list(others).ok_or(CardFault::Unreadable)?);
    }
    Ok(Presented {
        chain,
        is_proved: true,
    })
}

fn is_a_proxy(proxy: &CardsProxy, peer: IpAddr) -> bool {
    let peer = peer.to_canonical();
    proxy.from.iter().any(|network| network.contains(&peer))
}

/// Proxies that ask everybody for a certificate write an empty header for who shows none.
fn says_something(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers
        .get_all(name)
        .iter()
        .any(|value| !value.as_bytes().trim_ascii().is_empty())
}

/// The header's one value. Two are the proxy's and, before it, its client's: the proxy lets through what it should strip, and
/// which of the two is its own nobody can tell.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, CardFault> {
    let mut values = headers.get_all(name).iter();
    let value = values.next();
    if values.next().is_some() {
        return Err(CardFault::SpoofedHeader);
    }
    let text = value.map(HeaderValue::to_str).transpose();
    let text = text.map_err(|_| CardFault::Unreadable)?.map(str::trim);
    Ok(text.filter(|text| !text.is_empty()))
}
