//! The authorities and cards of the measurements: shaped as IGC-Santé's, with keys as theirs.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use portique_shared::types::NationalId;
use portique_test_authority::{Authority, CrlSpec, Issued, Key, KeyKind, Period, Revoked, Spec};

use crate::client::ShownCard;
use crate::server::CARD_HOST;

/// Longer than a measurement's clock is ever turned.
const LIST_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// Lines of the list of people's cards. How long it is, a look-up hardly feels.
const REVOKED: u32 = 1_000;

/// A root, and the authority below it that issues people's cards.
pub struct Issuers {
    pub root: Authority,
    pub people: Authority,
}

/// Who holds a card, and the card.
pub struct Holder {
    pub number: NationalId,
    pub card: ShownCard,
}

impl Issuers {
    pub fn new() -> Self {
        let root = Authority::root(lasting(authority("AC RACINE DE MESURE")));
        let people = root.intermediate(lasting(authority("AC PERSONNES DE MESURE")));
        Self { root, people }
    }

    /// Cards of so many people, with RSA keys, each of which takes some tenths of a second to make.
    pub fn cards(&self, count: u32) -> anyhow::Result<Vec<Holder>> {
        (0..count)
            .map(|person| {
                let number = number(person)?;
                let spec = Spec::professional(&format!("8{}", number.number()), "MARTIN", "Jeanne");
                let card = self.people.issue(lasting(spec.with_key(KeyKind::Rsa2048)));
                Ok(Holder {
                    number,
                    card: ShownCard {
                        chain: card.chain(),
                        key: card.key.to_pkcs8(),
                    },
                })
            })
            .collect()
    }

    /// Who answers for the people's authority. With a quick key: what its answers cost is not Portique's.
    pub fn ocsp_signer(&self) -> Issued {
        self.people.issue(lasting(Spec::ocsp_signer("OCSP DE MESURE")))
    }

    /// Writes certificates, lists of revoked cards and the card host's own certificate into `folder`; gives the installation's
    /// tables. `ocsp`: the address of a responder, if one is asked.
    pub fn write(&self, folder: &Path, now: Timestamp, ocsp: Option<&str>) -> anyhow::Result<String> {
        let list = CrlSpec::new(now, now + LIST_LASTS);
        let revoked: Vec<_> = (0..REVOKED)
            .map(|line| Revoked::new(&[&[0x40], line.to_be_bytes().as_slice()].concat(), now))
            .collect();
        let host = self.root.issue(lasting(Spec {
            key: Key::of("card host", KeyKind::P256),
            ..Spec::server(&[CARD_HOST])
        }));
        fs::write(folder.join("root.pem"), self.root.to_pem())?;
        fs::write(folder.join("people.pem"), self.people.to_pem())?;
        fs::write(folder.join("root.crl"), self.root.crl(&list, &[]))?;
        fs::write(folder.join("people.crl"), self.people.crl(&list, &revoked))?;
        fs::write(folder.join("host.pem"), host.chain_pem())?;
        fs::write(folder.join("host.key"), host.key.to_pem())?;

        let at = folder.display();
        let mut tables = "[cards]\nfolder = \"cards\"\n".to_owned();
        for (name, issues) in [("root", "nothing"), ("people", "professionals")] {
            writeln!(
                tables,
                "[[cards.authorities]]\nfile = \"{at}/{name}.pem\"\nissues = \"{issues}\"\ncrls = [\"{at}/{name}.crl\"]"
            )?;
        }
        // The last table is the people's.
        if let Some(url) = ocsp {
            writeln!(tables, "ocsp = \"{url}\"")?;
        }
        writeln!(
            tables,
            "[cards.tls]\nlisten = \"127.0.0.1:0\"\ncertificate = \"{at}/host.pem\"\nkey = {{ file = \"{at}/host.key\" }}"
        )?;
        Ok(tables)
    }
}

fn authority(common_name: &str) -> Spec {
    Spec::authority(common_name).with_key(KeyKind::Rsa2048)
}

/// Good whenever it is measured.
fn lasting(spec: Spec) -> Spec {
    Spec {
        valid: Period::years(2020, 2050),
        ..spec
    }
}

/// An RPPS number: the one check digit of ten that fits.
fn number(person: u32) -> anyhow::Result<NationalId> {
    (0..10)
        .find_map(|digit| NationalId::parse(&format!("10{person:08}{digit}")).ok())
        .context("one of ten check digits fits")
}
