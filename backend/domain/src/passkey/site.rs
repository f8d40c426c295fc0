use core::fmt;
use core::net::IpAddr;

use webauthn_rp::request::{AsciiDomain, RpId};

/// What a portal's keys are made for.
#[derive(Clone)]
pub struct PasskeySite {
    /// The portal's host: browsers use a key nowhere else.
    pub(super) id: RpId,
    /// As browsers write the page's origin.
    pub(super) origin: String,
}

impl PasskeySite {
    /// The site of a portal at `public_url`. `None` where it has no host name: there are no keys for a bare address.
    pub fn at(public_url: &str) -> Option<Self> {
        let (scheme, authority) = public_url.split_once("://")?;
        let authority = authority.trim_end_matches('/').to_ascii_lowercase();
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
        let host = match authority.rsplit_once(':') {
            Some((host, _)) => host,
            None => authority,
        };
        if host.starts_with('[') || host.parse::<IpAddr>().is_ok() {
            return None;
        }
        let id = RpId::Domain(AsciiDomain::try_from(host.to_owned()).ok()?);
        let origin = format!("{scheme}://{authority}");
        Some(Self { id, origin })
    }
}

impl fmt::Debug for PasskeySite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PasskeySite({})", self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_the_portals_host_and_its_origin_as_browsers_write_it() {
        for (url, id, origin) in [
            (
                "https://portail.example.org",
                "portail.example.org",
                "https://portail.example.org",
            ),
            (
                "https://Portail.Example.org:443/",
                "portail.example.org",
                "https://portail.example.org",
            ),
            (
                "http://paca.localhost:8080",
                "paca.localhost",
                "http://paca.localhost:8080",
            ),
        ] {
            let site = PasskeySite::at(url).unwrap();
            assert_eq!(site.id.as_ref(), id);
            assert_eq!(site.origin, origin);
        }
    }

    #[test]
    fn a_bare_address_has_no_keys() {
        assert!(PasskeySite::at("http://127.0.0.1:8080").is_none());
        assert!(PasskeySite::at("https://[::1]:8080").is_none());
        assert!(PasskeySite::at("https://[::1]").is_none());
    }
}
