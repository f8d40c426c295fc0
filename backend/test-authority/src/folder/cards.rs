//! The sample cards.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::authorities::{Authorities, ELEMENTAIRE, FORT, STANDARD, TEST};
use super::{Keys, revoked::RevokedCard, write_secret};
use crate::key::{Hash, Key, KeyKind};
use crate::name::Name;
use crate::p12::p12;
use crate::spec::{Period, Spec};

/// Of every sample card's `.p12`.
pub const PASSWORD: &str = "portique";

/// What is odd about a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Oddity {
    None,
    Expired,
    NotYetValid,
    Revoked,
    Signature,
    Organisation,
}

struct Sample {
    /// Of its files, and of its key.
    name: &'static str,
    /// What browsers list it under.
    words: &'static str,
    authority: &'static str,
    /// The common name; then surname, given name and title.
    holder: [&'static str; 4],
    oddity: Oddity,
}

// Who has an account in the demo. Each has one card, and one oddity: browsers list cards under number or name alone.
const CAMILLE: [&str; 4] = ["810001000107", "RENAUD", "Camille", "Infirmier"];
const JEANNE: [&str; 4] = ["810001000206", "MARTIN", "Jeanne", "Médecin"];
const HUGO: [&str; 4] = ["810001000305", "BERNARD", "Hugo", "Pharmacien"];
const AWA: [&str; 4] = ["810001000404", "DIALLO", "Awa", "Sage-femme"];

const SAMPLES: [Sample; 9] = [
    Sample {
        name: "praticienne",
        words: "Jeanne MARTIN",
        authority: FORT,
        holder: JEANNE,
        oddity: Oddity::None,
    },
    Sample {
        name: "sans-compte",
        words: "Paul DURAND (sans compte)",
        authority: FORT,
        holder: ["810001000503", "DURAND", "Paul", "Médecin"],
        oddity: Oddity::None,
    },
    Sample {
        name: "expiree",
        words: "Hugo BERNARD (carte expirée)",
        authority: FORT,
        holder: HUGO,
        oddity: Oddity::Expired,
    },
    Sample {
        name: "pas-encore-valable",
        words: "Inès FAURE (carte pas encore valable)",
        authority: FORT,
        holder: ["810001000602", "FAURE", "Inès", "Médecin"],
        oddity: Oddity::NotYetValid,
    },
    Sample {
        name: "revoquee",
        words: "Awa DIALLO (carte perdue, révoquée)",
        authority: FORT,
        holder: AWA,
        oddity: Oddity::Revoked,
    },
    Sample {
        name: "sans-contact",
        words: "Camille RENAUD (sans contact)",
        authority: ELEMENTAIRE,
        holder: CAMILLE,
        oddity: Oddity::None,
    },
    Sample {
        name: "test",
        words: "Carole PHARMACIEN-TEST (carte de test)",
        authority: TEST,
        holder: ["899700075122", "PHARMACIEN-TEST", "Carole", "Pharmacien"],
        oddity: Oddity::None,
    },
    Sample {
        name: "signature",
        words: "Jeanne MARTIN (signature)",
        authority: FORT,
        holder: JEANNE,
        oddity: Oddity::Signature,
    },
    Sample {
        name: "organisation",
        words: "Centre hospitalier fictif (organisation)",
        authority: STANDARD,
        holder: ["LOGICIEL", "CENTRE HOSPITALIER FICTIF", "", ""],
        oddity: Oddity::Organisation,
    },
];

/// The names of the sample cards' files.
pub fn names() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|sample| sample.name)
}

/// The keys that they need.
pub(super) fn keys() -> impl Iterator<Item = (String, KeyKind)> {
    names().map(|name| (format!("card-{name}"), KeyKind::Rsa2048))
}

/// Writes the cards, and gives those that are revoked.
pub(super) fn write(
    folder: &Path,
    authorities: &Authorities,
    keys: &Keys,
    at: Timestamp,
) -> io::Result<Vec<RevokedCard>> {
    fs::create_dir_all(folder)?;
    let mut revoked = Vec::new();
    for sample in &SAMPLES {
        let spec = sample.spec(keys.get(&format!("card-{}", sample.name)), at);
        let authority = authorities
            .get(sample.authority)
            .expect("samples name authorities that there are");
        let card = authority.issue(spec);
        if sample.oddity == Oddity::Revoked {
            revoked.push(RevokedCard {
                authority: sample.authority.into(),
                serial: card.serial.clone(),
            });
        }
        let file = |ending: &str| folder.join(format!("{}.{ending}", sample.name));
        fs::write(file("pem"), card.chain_pem())?;
        write_secret(&file("key.pem"), card.key.to_pem().as_bytes())?;
        fs::write(file("p12"), p12(&card, sample.words, PASSWORD))?;
    }
    Ok(revoked)
}

impl Sample {
    fn spec(&self, key: Key, at: Timestamp) -> Spec {
        let year = at.to_zoned(TimeZone::UTC).year();
        let [number, surname, given_name, title] = self.holder;
        let name = || Name::professional(number, surname, given_name, title);
        let spec = match self.oddity {
            Oddity::Organisation => Spec::organisation(number, surname),
            Oddity::Signature => Spec::signature(name()),
            _ => Spec::card(name()),
        };
        // The same for the whole year and, by its number, for ever: a card imported once stays the card it is.
        let mut serial = Hash::Sha256.digest(&[&key.to_pkcs8()])[..16].to_vec();
        serial[0] = serial[0] & 0x3f | 0x40;
        Spec {
            key,
            serial: Some(serial),
            valid: match self.oddity {
                Oddity::Expired => Period::years(year - 4, year - 1),
                // Not at the turn of the year either.
                Oddity::NotYetValid => Period::years(year + 2, year + 5),
                _ => Period::years(year - 1, year + 2),
            },
            ..spec
        }
    }
}
