//! Connections, by where they come from: a handshake's patience is long, and one machine must not hold all the places meanwhile.

use core::net::IpAddr;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use portique_domain::throttle::subscriber;

/// Of one address at once: an eighth of all places. A hospital's thousands share one; at its change of shifts some three a second look
/// for their PIN for half a minute.
const MOST: u32 = 512;

/// How many there are, by address.
#[derive(Clone, Default)]
pub(super) struct Handshakes(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// One of them, until it is dropped.
pub(super) struct Handshake {
    all: Handshakes,
    from: IpAddr,
}

impl Handshakes {
    /// `None` where that address has its share already.
    pub(super) fn begin(&self, from: IpAddr) -> Option<Handshake> {
        let from = subscriber(from);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(from).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Handshake {
            all: self.clone(),
            from,
        })
    }
}

impl Drop for Handshake {
    fn drop(&mut self) {
        let mut counts = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.from) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use core::net::Ipv6Addr;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_its_share_and_no_more_and_keeps_nobody_else_out() {
        let handshakes = Handshakes::default();
        let crowd = address("192.0.2.1");
        let held: Vec<_> = (0..MOST).filter_map(|_| handshakes.begin(crowd)).collect();
        assert_eq!(held.len(), 512);
        assert!(handshakes.begin(crowd).is_none());
        assert!(handshakes.begin(address("192.0.2.2")).is_some());
        drop(held);
        assert!(handshakes.begin(crowd).is_some());
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_address() {
        let handshakes = Handshakes::default();
        let held: Vec<_> = (0..u128::from(MOST))
            .filter_map(|host| {
                let network = 0x2001_0db8_u128 << 96;
                handshakes.begin(Ipv6Addr::from_bits(network | host).into())
            })
            .collect();
        assert!(handshakes.begin(address("2001:db8::ffff:1")).is_none());
        assert!(handshakes.begin(address("2001:db8:0:1::1")).is_some());
        drop(held);
    }

    #[test]
    fn what_ended_leaves_nothing_behind() {
        let handshakes = Handshakes::default();
        drop(handshakes.begin(address("192.0.2.1")));
        assert!(handshakes.0.lock().unwrap().is_empty());
    }
}
