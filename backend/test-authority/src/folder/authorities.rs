//! The four ranges of authorities: FORT, STANDARD, ELEMENTAIRE, and FORT's twin for tests.

use std::fs;
use std::io;
use std::path::Path;

use super::Keys;
use crate::authority::Authority;
use crate::key::KeyKind;
use crate::p7b::p7b;
use crate::spec::{Period, Spec, Urls};

/// A root and the authority that issues below it, each as the name of its files and its common name.
const RANGES: [[(&str, &str); 2]; 4] = [
    [
        ("fort-racine", "AC RACINE IGC-SANTE FORT"),
        (FORT, "AC IGC-SANTE FORT PERSONNES"),
    ],
    [
        ("standard-racine", "AC RACINE IGC-SANTE STANDARD"),
        (STANDARD, "AC IGC-SANTE STANDARD ORGANISATIONS"),
    ],
    [
        ("elementaire-racine", "AC RACINE IGC-SANTE ELEMENTAIRE"),
        (ELEMENTAIRE, "AC IGC-SANTE ELEMENTAIRE PERSONNES"),
    ],
    [
        ("test-fort-racine", "TEST AC RACINE IGC-SANTE FORT"),
        (TEST, "TEST AC IGC-SANTE FORT PERSONNES"),
    ],
];

pub const FORT: &str = "fort-personnes";
pub const STANDARD: &str = "standard-organisations";
pub const ELEMENTAIRE: &str = "elementaire-personnes";
pub const TEST: &str = "test-fort-personnes";

/// Of what answers about revocations in their name.
pub(crate) const OCSP_KEY: &str = "ocsp";

/// All authorities of a folder, under the names of their files.
pub struct Authorities(Vec<(&'static str, Authority)>);

impl Authorities {
    /// The keys that they need, and that of who answers in their name.
    pub fn keys() -> impl Iterator<Item = (String, KeyKind)> {
        let own = RANGES
            .into_iter()
            .flatten()
            .map(|(name, _)| (name.to_owned(), KeyKind::Rsa2048));
        own.chain([(OCSP_KEY.to_owned(), KeyKind::P256)])
    }

    /// `url` is where `serve` answers. The same keys and the same address give the same certificates.
    pub fn new(keys: &Keys, url: &str) -> Self {
        let spec = |name: &str, common_name| Spec {
            key: keys.get(name),
            // Long enough for the keys to outlive every demo.
            valid: Period::years(2020, 2050),
            ..Spec::authority(common_name)
        };
        let told = |name: &str| Urls {
            crls: vec![format!("{url}/crl/{name}.crl")],
            ocsp: Some(format!("{url}/ocsp")),
            issuer: None,
        };
        let both = RANGES
            .into_iter()
            .flat_map(|[(root, root_name), (issuing, issuing_name)]| {
                let above = Authority::root(spec(root, root_name)).telling(told(root));
                let below = above
                    .intermediate(spec(issuing, issuing_name))
                    .telling(told(issuing));
                [(root, above), (issuing, below)]
            });
        Self(both.collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Authority)> {
        self.0.iter().map(|(name, authority)| (*name, authority))
    }

    /// The authority of that name.
    pub fn get(&self, wanted: &str) -> Option<&Authority> {
        self.iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, authority)| authority)
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for (name, authority) in self.iter() {
            fs::write(folder.join(format!("{name}.pem")), authority.to_pem())?;
        }
        let all = p7b(self.iter().map(|(_, authority)| authority.certificate())).map_err(io::Error::other)?;
        fs::write(folder.join("igc-sante-test.p7b"), all)
    }
}
