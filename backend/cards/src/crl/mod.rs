//! Lists of revoked certificates.
//!
//! A list is read once, straight from its bytes into a sorted table of serial numbers: a million revoked cards are 20 MB and a
//! lookup of some twenty comparisons. (A list handed to webpki, or decoded into a structure for each card, would cost a walk over all
//! of it, or several times its size, at each sign-in.)

mod extensions;
mod fault;
mod read;
mod scope;

use jiff::{SignedDuration, Timestamp};

pub use fault::ListFault;
pub(crate) use read::read;
pub(crate) use scope::{Kind, Scope};

use crate::serial::{Serial, Serials};
use crate::trust::AuthorityId;

/// How far clocks may stand apart.
pub(crate) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A list whose signature was verified.
#[derive(Debug)]
pub(crate) struct RevokedList {
    pub(crate) authority: AuthorityId,
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Timestamp,
    /// The list's own number, big-endian without leading zeros; not every authority counts.
    pub(crate) number: Option<Vec<u8>>,
    pub(crate) scope: Scope,
    pub(crate) revoked: Serials,
}

impl RevokedList {
    pub(crate) fn revokes(&self, serial: Serial) -> bool {
        self.revoked.contains(serial)
    }

    /// Whether it is older than `other`, another of the same authority: by number where both count, else by time.
    pub(crate) fn is_older_than(&self, other: &Self) -> bool {
        match (&self.number, &other.number) {
            (Some(mine), Some(others)) if mine != others => (mine.len(), mine) < (others.len(), others),
            _ => self.this_update < other.this_update,
        }
    }
}
