//! A root, an authority below it, and what they are asked for again and again.

use jiff::Timestamp;
use portique_test_authority::{Authority, Spec};

/// In the middle of the time that cards are good for.
pub fn now() -> Timestamp {
    "2026-01-05T00:00:00Z".parse().expect("a time")
}

/// [`now`] for `openssl`.
pub const AT: &str = "-attime 1767571200";

pub fn root() -> Authority {
    Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT"))
}

pub fn people() -> Authority {
    root().intermediate(Spec::authority("AC IGC-SANTE FORT PERSONNES"))
}

pub fn physician() -> Spec {
    Spec::professional("810003456786", "MARTIN", "Claire")
}
