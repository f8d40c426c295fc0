//! The answer: who signed it, what it speaks of, and of when.

use const_oid::db::rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NONCE};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};
use jiff::{SignedDuration, Timestamp};
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspResponse, OcspResponseStatus, SingleResponse};

use crate::crl::CLOCK_TOLERANCE;
use crate::lists::later;
use crate::serial::Serial;
use crate::signature::{SignatureFault, Signed, is_strong_key, key_of, sole_value};
use crate::trust::Authority;
use crate::{moment, usage};

use super::fault::OcspFault;
use super::request::Question;

/// How old an answer may be that does not say when the next one comes.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(1);

/// The certificates that a responder sends along: its own, and room for a habit.
const MAX_CERTIFICATES: usize = 4;

/// The tag of those certificates.
const CERTIFICATES: Tag = Tag::ContextSpecific {
    constructed: true,
    number: TagNumber::N0,
};

/// What a responder said of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) is_revoked: bool,
    /// Until when it says so; `None`: it would say anew at once.
    pub(crate) next_update: Option<Timestamp>,
}

/// Reads the answer to `question`, put to a responder of `issuer`. `is_revoked` tells of a certificate of that authority whether its
/// list names it.
pub(crate) fn read(
    bytes: &[u8],
    question: &Question,
    issuer: &Authority,
    is_revoked: impl Fn(Serial) -> bool,
    now: Timestamp,
) -> Result<Answer, OcspFault> {
    let outer = OcspResponse::from_der(bytes)?;
    if outer.response_status != OcspResponseStatus::Successful {
        return Err(OcspFault::NoAnswer);
    }
    let inner = outer.response_bytes.ok_or(OcspFault::Unreadable)?;
    if inner.response_type != ID_PKIX_OCSP_BASIC {
        return Err(OcspFault::Unreadable);
    }
    let der = inner.response.as_bytes();
    let signed = Signed::read(der)?;
    verify(&signed, issuer, is_revoked, now)?;
    let response = BasicOcspResponse::from_der(der)?;
    let data = &response.tbs_response_data;
    refuse_unknown(data.response_extensions.as_deref())?;
    // Many responders sign their answers ahead, and can't know the question: a missing nonce is no fault, a foreign one is.
    if let Some(nonce) = data.nonce()
        && nonce.0.as_bytes() != question.nonce
    {
        return Err(OcspFault::OtherQuestion);
    }
    if moment::of_date_time(data.produced_at.0.to_date_time()) > later(now, CLOCK_TOLERANCE) {
        return Err(OcspFault::FromTheFuture);
    }
    let mut answers = data
        .responses
        .iter()
        .filter(|answer| is_same(&answer.cert_id, &question.certificate));
    let (Some(answer), None) = (answers.next(), answers.next()) else {
        return Err(OcspFault::OtherCertificate);
    };
    judge(answer, now)
}

fn is_same(one: &CertId, other: &CertId) -> bool {
    // The algorithm's parameters may be NULL or left out.
    one.hash_algorithm.oid == other.hash_algorithm.oid
        && one.issuer_name_hash == other.issuer_name_hash
        && one.issuer_key_hash == other.issuer_key_hash
        && one.serial_number == other.serial_number
}

fn judge(answer: &SingleResponse, now: Timestamp) -> Result<Answer, OcspFault> {
    refuse_unknown(answer.single_extensions.as_deref())?;
    let this_update = moment::of_date_time(answer.this_update.0.to_date_time());
    let next_update = answer
        .next_update
        .map(|time| moment::of_date_time(time.0.to_date_time()));
    if this_update > later(now, CLOCK_TOLERANCE) {
        return Err(OcspFault::FromTheFuture);
    }
    let last = match next_update {
        Some(next) if next < this_update => return Err(OcspFault::Unreadable),
        Some(next) => later(next, CLOCK_TOLERANCE),
        None => later(this_update, MAX_AGE),
    };
    if now > last {
        return Err(OcspFault::Stale);
    }
    match answer.cert_status {
        CertStatus::Good(_) => Ok(false),
        CertStatus::Revoked(_) => Ok(true),
        CertStatus::Unknown(_) => Err(OcspFault::UnknownCertificate),
    }
    .map(|is_revoked| Answer {
        is_revoked,
        next_update,
    })
}

fn refuse_unknown(extensions: Option<&[Extension]>) -> Result<(), OcspFault> {
    let is_unknown = |extension: &Extension| extension.critical && extension.extn_id != ID_PKIX_OCSP_NONCE;
    if extensions.is_some_and(|extensions| extensions.iter().any(is_unknown)) {
        return Err(OcspFault::UnknownExtension);
    }
    Ok(())
}

/// Verifies that the authority signed, or who was appointed by it: with a certificate that it issued itself, for this purpose.
fn verify(
    signed: &Signed<'_>,
    issuer: &Authority,
    is_revoked: impl Fn(Serial) -> bool,
    now: Timestamp,
) -> Result<(), OcspFault> {
    match signed.verify(&issuer.key) {
        Ok(()) => return Ok(()),
        Err(SignatureFault::Weak) => return Err(OcspFault::WeakSignature),
        Err(SignatureFault::Wrong) => {}
    }
    if signed.rest.is_empty() {
        return Err(OcspFault::WrongSigner);
    }
    let mut rest = SliceReader::new(sole_value(sole_value(signed.rest, CERTIFICATES)?, Tag::Sequence)?)?;
    for _ in 0..MAX_CERTIFICATES {
        if rest.is_finished() {
            break;
        }
        let certificate = rest.tlv_bytes()?;
        if let Some(key) = appointed_key(certificate, issuer, &is_revoked, now)
            && signed.verify(key).is_ok()
        {
            return Ok(());
        }
    }
    Err(OcspFault::WrongSigner)
}

/// The key of a certificate by which the authority lets somebody answer for it.
fn appointed_key<'a>(
    der: &'a [u8],
    issuer: &Authority,
    is_revoked: impl Fn(Serial) -> bool,
    now: Timestamp,
) -> Option<&'a [u8]> {
    let certificate = Certificate::from_der(der).ok()?;
    let body = &certificate.tbs_certificate;
    let signed = Signed::read(der).ok().filter(|signed| signed.rest.is_empty())?;
    let validity = body.validity;
    let is_valid = moment::of_time(validity.not_before) <= now && now <= moment::of_time(validity.not_after);
    let serial = Serial::from_integer(body.serial_number.as_bytes())?;
    if !is_valid
        || !usage::is_for_ocsp(&certificate)
        || signed.verify(&issuer.key).is_err()
        || is_revoked(serial)
    {
        return None;
    }
    key_of(signed.content).ok().filter(|key| is_strong_key(key))
}
