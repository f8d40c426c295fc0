//! What a folder says is revoked, in a file that a person or a test can add a line to while `serve` runs.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::crl::Revoked;

const FILE: &str = "revoked.txt";

/// A card that opens nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCard {
    /// The name of its authority's files.
    pub authority: String,
    /// Big-endian.
    pub serial: Vec<u8>,
}

pub(super) fn write_revoked(folder: &Path, cards: &[RevokedCard]) -> io::Result<()> {
    let lines: Vec<_> = cards
        .iter()
        .map(|card| format!("{} {}\n", card.authority, hex::encode(&card.serial)))
        .collect();
    fs::write(folder.join(FILE), lines.concat())
}

/// What the folder's file says; lines that say nothing are passed over.
pub fn read_revoked(folder: &Path) -> io::Result<Vec<RevokedCard>> {
    let text = fs::read_to_string(folder.join(FILE))?;
    let cards = text.lines().filter_map(|line| {
        let (authority, serial) = line.trim().split_once(' ')?;
        Some(RevokedCard {
            authority: authority.into(),
            serial: hex::decode(serial.trim()).ok()?,
        })
    });
    Ok(cards.collect())
}

/// Those of one authority, as lines of its list.
pub(crate) fn of(authority: &str, cards: &[RevokedCard], at: Timestamp) -> Vec<Revoked> {
    cards
        .iter()
        .filter(|card| card.authority == authority)
        .map(|card| Revoked::new(&card.serial, at))
        .collect()
}
