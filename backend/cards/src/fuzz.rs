//! The readers of what strangers send, without the signatures that stand before most of them.

use der::Decode;
use jiff::Timestamp;
use pki_types::CertificateDer;
use x509_cert::Certificate;

use crate::ocsp::Question;
use crate::signature::{Signed, is_strong_key, key_of};
use crate::{bundle, crl, ocsp, subject, usage};

/// Gives the bytes to every reader; how many of them took them for theirs. Must return, whatever the bytes.
pub fn read_all(bytes: &[u8]) -> usize {
    [read_certificate, read_bundle, read_list, read_answer]
        .into_iter()
        .filter(|reader| reader(bytes))
        .count()
}

fn read_certificate(bytes: &[u8]) -> bool {
    if let Ok(signed) = Signed::read(bytes)
        && let Ok(key) = key_of(signed.content)
    {
        // A signature over itself: algorithms, keys and bits are taken apart, and ring is asked.
        let _: (bool, Result<_, _>) = (is_strong_key(key), signed.verify(key));
    }
    let der = CertificateDer::from(bytes);
    let by_webpki = webpki::EndEntityCert::try_from(&der).is_ok();
    let Ok(certificate) = Certificate::from_der(bytes) else {
        return false;
    };
    let _: Result<_, _> = subject::read(&certificate.tbs_certificate.subject);
    usage::is_for_authentication(&certificate);
    usage::is_for_ocsp(&certificate);
    usage::is_never_checked(&certificate);
    usage::is_authority(&certificate);
    usage::may_sign_lists(&certificate);
    usage::distribution_points(&certificate);
    by_webpki
}

fn read_bundle(bytes: &[u8]) -> bool {
    bundle::certificates(bytes).is_ok()
}

fn read_list(bytes: &[u8]) -> bool {
    crl::read_unverified(bytes).is_ok()
}

fn read_answer(bytes: &[u8]) -> bool {
    let now = Timestamp::UNIX_EPOCH;
    ocsp::read_unverified(bytes, &Question::of_nothing(), now).is_ok()
}
