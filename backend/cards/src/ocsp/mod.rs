//! Asking an authority's responder for one certificate (RFC 6960, in RFC 5019's light form).

mod cache;
mod fault;
mod request;
mod response;

pub(crate) use cache::{Asked, Means, Ocsp, Subject};
pub(crate) use request::Question;
#[cfg(feature = "test-support")]
pub(crate) use response::read_unverified;
pub(crate) use response::{Answer, Said, read};
