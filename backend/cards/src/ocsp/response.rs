//! The answer: who signed it, what it speaks of, and of when.

use const_oid::db::rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NONCE};
use der::{Decode, Reader, SliceReader, Tag, TagNumber};
use jiff::{SignedDuration, Timestamp};
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspResponse, OcspResponseStatus, SingleResponse};

use crate::crl::CLOCK_TOLERANCE;
use crate::lists::{Listed, later};
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

/// What a responder says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Good,
    Revoked,
    /// It knows of none of that number: an answer, and no outage.
    Unknown,
}

/// A responder's answer about a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) said: Said,
    /// Until when it says so; `None`: it would say anew at once.
    pub(crate) next_update: Option<Timestamp>,
}

/// Reads the answer to `question`, put to a responder of `issuer`. `listed` tells what that authority's lists say of a certificate of
/// that number which names these distribution points.
pub(crate) fn read(
    bytes: &[u8],
    question: &Question,
    issuer: &Authority,
    listed: impl Fn(Serial, &[String]) -> Listed,
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
    verify(&signed, issuer, listed, now)?;
    read_verified(der, question, now)
}

/// Reads a `BasicOCSPResponse` whose signature is known to be good.
pub(super) fn read_verified(der: &[u8], question: &Question, now: Timestamp) -> Result<Answer, OcspFault> {
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
    let said = match answer.cert_status {
        CertStatus::Good(_) => Said::Good,
        CertStatus::Revoked(_) => Said::Revoked,
        CertStatus::Unknown(_) => Said::Unknown,
    };
    Ok(Answer { said, next_update })
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
    listed: impl Fn(Serial, &[String]) -> Listed,
    now: Timestamp,
) -> Result<(), OcspFault> {
    match signed.verify(&issuer.key) {
        Ok(()) => return Ok(()),
        Err(SignatureFault::Weak) => return Err(OcspFault::WeakSignature),
        Err(SignatureFault::Wrong) => {}
    }
    let mut is_unlisted = false;
    let found = each_certificate(signed, |der| {
        let Some((certificate, key)) = appointed(der, issuer, now) else {
            return false;
        };
        if signed.verify(key).is_err() {
            return false;
        }
        let stands = still_stands(&certificate, &listed);
        is_unlisted |= !stands;
        stands
    });
    match found {
        Err(OcspFault::WrongSigner) if is_unlisted => Err(OcspFault::UnlistedSigner),
        found => found,
    }
}

/// Whether the signer is one of the certificates sent along.
fn each_certificate(signed: &Signed<'_>, mut is_signer: impl FnMut(&[u8]) -> bool) -> Result<(), OcspFault> {
    if signed.rest.is_empty() {
        return Err(OcspFault::WrongSigner);
    }
    let mut rest = SliceReader::new(sole_value(sole_value(signed.rest, CERTIFICATES)?, Tag::Sequence)?)?;
    for _ in 0..MAX_CERTIFICATES {
        if rest.is_finished() {
            break;
        }
        if is_signer(rest.tlv_bytes()?) {
            return Ok(());
        }
    }
    Err(OcspFault::WrongSigner)
}

/// A certificate by which the authority lets somebody answer for it, and its key.
fn appointed<'a>(der: &'a [u8], issuer: &Authority, now: Timestamp) -> Option<(Certificate, &'a [u8])> {
    let certificate = Certificate::from_der(der).ok()?;
    let signed = Signed::read(der).ok().filter(|signed| signed.rest.is_empty())?;
    let validity = certificate.tbs_certificate.validity;
    let is_valid = moment::of_time(validity.not_before) <= now && now <= moment::of_time(validity.not_after);
    if !is_valid || !usage::is_for_ocsp(&certificate) || signed.verify(&issuer.key).is_err() {
        return None;
    }
    let key = key_of(signed.content).ok().filter(|key| is_strong_key(key))?;
    Some((certificate, key))
}

/// Whether the responder's own certificate was not revoked: by a list, for it can't vouch for itself, or by the authority's word that
/// nobody need ask (RFC 6960, 4.2.2.2.1).
fn still_stands(certificate: &Certificate, listed: impl Fn(Serial, &[String]) -> Listed) -> bool {
    let number = certificate.tbs_certificate.serial_number.as_bytes();
    let Some(serial) = Serial::from_integer(number) else {
        return false;
    };
    match listed(serial, &usage::distribution_points(certificate)) {
        Listed::Revoked => false,
        Listed::Good | Listed::WasGood => true,
        Listed::TooOld | Listed::Missing => usage::is_never_checked(certificate),
    }
}

/// Reads all of an answer but who signed it, so that fuzzing gets past the signature.
#[cfg(feature = "test-support")]
pub(crate) fn read_unverified(
    bytes: &[u8],
    question: &Question,
    now: Timestamp,
) -> Result<Answer, OcspFault> {
    let outer = OcspResponse::from_der(bytes)?;
    let inner = outer.response_bytes.ok_or(OcspFault::Unreadable)?;
    let der = inner.response.as_bytes();
    let signed = Signed::read(der)?;
    let _: Result<(), _> = each_certificate(&signed, |certificate| {
        let _: Option<_> = Certificate::from_der(certificate)
            .ok()
            .map(|certificate| usage::is_for_ocsp(&certificate));
        false
    });
    read_verified(der, question, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_believed_within_their_time_and_five_minutes_around() {
        use x509_ocsp::OcspGeneralizedTime;
        let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a timestamp");
        let at = |minutes: i64| {
            let seconds = now.as_second() + minutes * 60;
            let since = std::time::Duration::from_secs(u64::try_from(seconds).expect("after 1970"));
            OcspGeneralizedTime::from(der::DateTime::from_unix_duration(since).expect("before 10000"))
        };
        let question = Question::of_nothing();
        let judged = |from: i64, until: Option<i64>, cert_status| {
            let answer = SingleResponse {
                cert_id: question.certificate.clone(),
                cert_status,
                this_update: at(from),
                next_update: until.map(at),
                single_extensions: None,
            };
            judge(&answer, now).map(|answer| answer.said)
        };
        for (from, until, expected) in [
            (-60, Some(60), Ok(Said::Good)),
            (5, Some(60), Ok(Said::Good)),
            (6, Some(60), Err(OcspFault::FromTheFuture)),
            (-60, Some(-5), Ok(Said::Good)),
            (-60, Some(-6), Err(OcspFault::Stale)),
            (-60, None, Ok(Said::Good)),
            (-61, None, Err(OcspFault::Stale)),
            (-1, Some(-2), Err(OcspFault::Unreadable)),
        ] {
            assert_eq!(
                judged(from, until, CertStatus::good()),
                expected,
                "{from} to {until:?}"
            );
        }
        for (status, said) in [
            (CertStatus::good(), Said::Good),
            (CertStatus::unknown(), Said::Unknown),
        ] {
            assert_eq!(judged(-1, None, status), Ok(said));
        }
    }
}
