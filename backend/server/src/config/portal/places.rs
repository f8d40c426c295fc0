//! Networks that people are told by a name.

use std::collections::BTreeSet;

use super::Checker;
use crate::config::portal_file::{PlaceFile, PortalFile};
use crate::places::Places;

impl Checker<'_> {
    pub(super) fn places(&mut self, file: &PortalFile) {
        let mut named = BTreeSet::new();
        for (number, place) in file.places.iter().enumerate() {
            let key = format!("places.{number}.networks");
            if place.networks.is_empty() {
                self.wrong(
                    key.as_str(),
                    "expected one network at least, such as \"10.0.0.0/8\"",
                );
            }
            for network in &place.networks {
                let whole = network.trunc();
                if whole != *network {
                    // A slip of the fingers would name other people's network.
                    self.wrong(
                        key.as_str(),
                        format!("found «{network}», expected a whole network: {whole}"),
                    );
                } else if !named.insert(whole) {
                    self.wrong(
                        key.as_str(),
                        format!("found «{network}» a second time, expected each network in one place"),
                    );
                }
            }
        }
    }
}

pub(super) fn read(places: &[PlaceFile]) -> Places {
    let named = |place: &PlaceFile| {
        let name = place.name.clone();
        let networks = place.networks.clone();
        networks.into_iter().map(move |network| (network, name.clone()))
    };
    Places::new(places.iter().flat_map(named))
}
