//! Certificates out of the files that authorities publish: PEM, one certificate in DER, `.p7b` in either.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::db::rfc5911::ID_SIGNED_DATA;
use der::{Decode, Encode};
use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use x509_cert::Certificate;

/// A file of authorities is a few kilobytes; more is another kind of file.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The certificates of a file, each in DER; or what the file is instead.
pub(crate) fn certificates(bytes: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    if bytes.is_empty() {
        return Err("the file is empty");
    }
    if bytes.len() > MAX_BYTES {
        return Err("the file is larger than any bundle of authorities");
    }
    if !is_pem(bytes) {
        return from_der(bytes);
    }
    if let Some(inner) = pem_of_kinds(bytes, &["PKCS7", "CMS"]) {
        return from_pkcs7(&inner?);
    }
    let certificates = CertificateDer::pem_slice_iter(bytes)
        .map(|certificate| certificate.map(|der| der.to_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| "a PEM block in it is broken")?;
    if certificates.is_empty() {
        return Err("no certificate in it");
    }
    Ok(certificates)
}

/// Whether the bytes are PEM's text, possibly after some lines for people.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    // DER begins with a SEQUENCE's tag, which is the digit 0 in text: look for the marker itself.
    bytes.windows(11).any(|window| window == b"-----BEGIN ") && bytes.iter().all(|byte| *byte != 0)
}

/// What stands in the first block, where it is of one of these kinds.
pub(crate) fn pem_of_kinds(bytes: &[u8], kinds: &[&str]) -> Option<Result<Vec<u8>, &'static str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let start = text.find("-----BEGIN ")?;
    let block = &text[start..];
    let label = block.strip_prefix("-----BEGIN ")?.split("-----").next()?;
    if !kinds.contains(&label) {
        return None;
    }
    let end = format!("-----END {label}-----");
    let Some(length) = block.find(&end) else {
        return Some(Err("a PEM block in it has no end"));
    };
    let decoded = der::pem::decode_vec(&block.as_bytes()[..length + end.len()]);
    Some(
        decoded
            .map(|(_, der)| der)
            .map_err(|_| "a PEM block in it is broken"),
    )
}

fn from_der(bytes: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    if Certificate::from_der(bytes).is_ok() {
        return Ok(vec![bytes.to_vec()]);
    }
    from_pkcs7(bytes)
}

fn from_pkcs7(bytes: &[u8]) -> Result<Vec<Vec<u8>>, &'static str> {
    const WRONG: &str = "neither a certificate nor a .p7b";
    let info = ContentInfo::from_der(bytes).map_err(|_| WRONG)?;
    if info.content_type != ID_SIGNED_DATA {
        return Err("a .p7b that holds something else than certificates");
    }
    let signed: SignedData = info.content.decode_as().map_err(|_| WRONG)?;
    let certificates: Vec<_> = signed
        .certificates
        .iter()
        .flat_map(|set| set.0.iter())
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => certificate.to_der().ok(),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err("no certificate in it");
    }
    Ok(certificates)
}
