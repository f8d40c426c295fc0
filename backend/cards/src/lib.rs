//! Judges the certificates of professional cards.
//!
//! [`Cards`] is the domain's `CardJudge`: it reads what a browser showed, builds its chain to the configured authorities, and asks
//! lists of revoked certificates and OCSP responders whether it still stands. Where nobody recent enough can tell, it refuses.

mod bundle;
mod chain;
mod crl;
mod fetch;
#[cfg(feature = "test-support")]
pub mod fuzz;
mod judge;
mod lists;
mod moment;
mod ocsp;
mod ranges;
mod serial;
mod settings;
mod signature;
mod subject;
mod trust;
mod usage;

pub use crl::ListFault;
pub use fetch::{Fetch, FetchError, Fetched, HttpFetch, MAX_ANSWER_BYTES, MAX_LIST_BYTES, Version};
pub use judge::{Cards, ListsOnDisk, MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES, OpenError, lists_on_disk};
pub use lists::ListStatus;
pub use settings::Settings;
pub use trust::{AuthorityFile, Issues, ListSource, Trust, TrustError};
