//! Certificates in one file, as the national agency publishes its authorities.

use cms::content_info::ContentInfo;
use der::{Decode, Error};
use x509_cert::Certificate;

use crate::asn1::encode;

/// The DER of these certificates (DER each) in a `.p7b`. Refuses bytes that are no certificate, and one twice.
pub fn p7b<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Error> {
    let certificates: Vec<Certificate> = certificates
        .into_iter()
        .map(Certificate::from_der)
        .collect::<Result<_, _>>()?;
    Ok(encode(&ContentInfo::try_from(certificates)?))
}
