//! Issues test cards: certificates shaped as those of IGC-Santé's cards, and whatever bad ones tests need.
//!
//! ```
//! use portique_test_authority::{Authority, Hash, Spec};
//!
//! let root = Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT"));
//! let people = root.intermediate(Spec::authority("AC IGC-SANTE FORT PERSONNES"));
//! let card = people.issue(Spec::professional("810003456786", "MARTIN", "Claire"));
//! assert_eq!(card.chain().len(), 2);
//! let weak = people.issue(Spec { hash: Hash::Sha1, ..Spec::professional("810003456786", "MARTIN", "Claire") });
//! assert_ne!(weak.certificate, card.certificate);
//! ```
//!
//! Everything is the same at each run: keys come from labels, serial numbers from the rest. What [`folder`] writes for the
//! demo has keys of its own, made by chance once.

mod asn1;
mod authority;
mod certificate;
mod crl;
pub mod folder;
mod key;
mod name;
mod ocsp;
mod p12;
mod p7b;
pub mod serve;
mod spec;

pub use asn1::extension;
pub use authority::{Authority, Issued};
pub use certificate::unknown_extension;
pub use crl::{CrlSpec, Revoked, issuing_point};
pub use der::Tag;
pub use der::oid::{ObjectIdentifier, db};
pub use key::{Hash, Key, KeyKind};
pub use name::{Attribute, Name, Rdn, Text};
pub use ocsp::{OcspFault, OcspResponder, Status};
pub use p7b::p7b;
pub use p12::p12;
pub use spec::{Period, SMART_CARD_LOGON, Spec, Urls};
pub use x509_cert::ext::Extension;
pub use x509_cert::ext::pkix::name::GeneralName;
pub use x509_cert::ext::pkix::{BasicConstraints, CrlReason, KeyUsages};
