//! Where an address is, in a portal's own words. No database of the world's addresses is asked: it would be wrong for
//! hospitals behind one provider, and somebody else would learn who signs in.

use std::net::IpAddr;

use ipnet::IpNet;
use portique_shared::Localized;
use portique_shared::api::own_sessions::PlaceView;

/// A portal's named networks.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<(IpNet, Localized)>);

impl Places {
    pub fn new(named: impl IntoIterator<Item = (IpNet, Localized)>) -> Self {
        let mut named: Vec<_> = named.into_iter().collect();
        // Of networks inside each other the smaller one tells more.
        named.sort_by_key(|(network, _)| core::cmp::Reverse(network.prefix_len()));
        Self(named)
    }

    /// Where `address` is; `None` where it was not written down.
    pub fn of(&self, address: Option<IpAddr>) -> PlaceView {
        let Some(address) = address.map(|address| address.to_canonical()) else {
            return PlaceView::Unknown;
        };
        let named = self.0.iter().find(|(network, _)| network.contains(&address));
        match named {
            Some((_, name)) => PlaceView::Named { name: name.clone() },
            None if is_local(address) => PlaceView::Local,
            None => PlaceView::Address {
                address: address.to_string(),
            },
        }
    }
}

/// Whether the address is of a network that the world's routers do not know.
fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: &str) -> PlaceView {
        let named = |network: &str, name: &str| (network.parse().unwrap(), Localized::new(name, name));
        Places::new([
            named("10.0.0.0/8", "CHU"),
            named("10.4.0.0/16", "Urgences"),
            named("2001:db8:76::/48", "Clinique"),
        ])
        .of(Some(address.parse().unwrap()))
    }

    fn is_named(address: &str, expected: &str) {
        match place(address) {
            PlaceView::Named { name } => assert_eq!(name.fr, expected, "{address}"),
            other => panic!("{address}: {other:?}"),
        }
    }

    #[test]
    fn an_address_in_several_networks_is_in_the_smallest() {
        is_named("10.1.2.3", "CHU");
        is_named("10.4.2.3", "Urgences");
        is_named("2001:db8:76::1", "Clinique");
        is_named("::ffff:10.4.2.3", "Urgences");
    }

    #[test]
    fn an_address_without_a_name_is_local_or_itself() {
        for local in [
            "127.0.0.1",
            "192.168.1.9",
            "169.254.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(place(local), PlaceView::Local, "{local}");
        }
        for address in ["203.0.113.7", "2001:db8:77::1"] {
            let address = address.to_owned();
            assert_eq!(place(&address), PlaceView::Address { address });
        }
        assert_eq!(Places::default().of(None), PlaceView::Unknown);
    }
}
