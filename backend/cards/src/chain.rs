//! From a certificate up to an anchor that is trusted.

use der::{Decode, Tag};
use jiff::Timestamp;
use pki_types::CertificateDer;
use portique_domain::card::CardFault;
use webpki::{EndEntityCert, Error, KeyUsage, VerifiedPath};
use x509_cert::Certificate;

use crate::serial::Serial;
use crate::signature::{ALGORITHMS, sole_value};
use crate::trust::{AuthorityId, Trust};
use crate::{moment, usage};

/// Who vouches for a certificate.
#[derive(Debug)]
pub(crate) struct Chain {
    /// Who issued it: one of the configured authorities, whatever the browser sent along.
    pub(crate) issuer: AuthorityId,
    /// The authorities between it and the anchor.
    pub(crate) above: Vec<Above>,
}

/// An authority's certificate in a chain, as its revocation is looked up.
#[derive(Debug)]
pub(crate) struct Above {
    pub(crate) serial: Serial,
    /// `None`: who issued it came with the card and is in no file.
    pub(crate) issuer: Option<AuthorityId>,
    /// Whether the certificate itself is in the configuration.
    pub(crate) is_configured: bool,
    pub(crate) points: Vec<String>,
}

/// Whether webpki, by which TLS verifies handshakes too, takes the certificate at all, and not yet whose it is.
pub(crate) fn check_form(der: &[u8]) -> Result<(), CardFault> {
    let der = CertificateDer::from(der);
    EndEntityCert::try_from(&der)
        .map(drop)
        .map_err(|error| fault_of(&error))
}

/// Builds the chain of `certificate` and verifies it at `now`. `others` are what the browser sent along: they may fill a gap
/// between configured authorities.
pub(crate) fn verify(
    trust: &Trust,
    certificate: &Certificate,
    der: &[u8],
    others: &[Vec<u8>],
    now: Timestamp,
) -> Result<Chain, CardFault> {
    let validity = &certificate.tbs_certificate.validity;
    let (begin, end) = (
        moment::of_time(validity.not_before),
        moment::of_time(validity.not_after),
    );
    // Out of its time, a certificate is judged within it first: whoever shows an expired one that nobody known ever issued is not
    // told to renew it.
    let outside = if now > end {
        Some((end, CardFault::Expired))
    } else if now < begin {
        Some((begin, CardFault::NotYetValid))
    } else {
        None
    };
    let chain = verify_at(trust, der, others, outside.map_or(now, |(edge, _)| edge))?;
    match outside {
        Some((_, fault)) => Err(fault),
        None => Ok(chain),
    }
}

fn verify_at(trust: &Trust, der: &[u8], others: &[Vec<u8>], moment: Timestamp) -> Result<Chain, CardFault> {
    let der = CertificateDer::from(der);
    let holder = EndEntityCert::try_from(&der).map_err(|error| fault_of(&error))?;
    let mut intermediates: Vec<CertificateDer<'_>> = trust
        .intermediates
        .iter()
        .map(|known| CertificateDer::from(known.as_ref()))
        .collect();
    for other in others {
        if !intermediates
            .iter()
            .any(|known| known.as_ref() == other.as_slice())
        {
            intermediates.push(CertificateDer::from(other.as_slice()));
        }
    }
    let path = holder
        .verify_for_usage(
            ALGORITHMS,
            &trust.anchors,
            &intermediates,
            moment::to_unix(moment),
            KeyUsage::client_auth(),
            None,
            Some(&|path: &VerifiedPath<'_>| entitled(path)),
        )
        .map_err(|error| fault_of(&error))?;
    read_path(trust, &path)
}

/// What webpki leaves out: that each issuer's key is for issuing.
fn entitled(path: &VerifiedPath<'_>) -> Result<(), Error> {
    path.intermediate_certificates()
        .all(|issuer| Certificate::from_der(&issuer.der()).is_ok_and(|issuer| usage::is_authority(&issuer)))
        .then_some(())
        .ok_or(Error::EndEntityUsedAsCa)
}

fn read_path(trust: &Trust, path: &VerifiedPath<'_>) -> Result<Chain, CardFault> {
    // Each authority of the path by name and key, the anchor last.
    let mut authorities = Vec::new();
    let mut certificates = Vec::new();
    for issuer in path.intermediate_certificates() {
        let key = issuer.subject_public_key_info();
        let key = sole_value(&key, Tag::Sequence).map_err(|_| CardFault::BrokenChain)?;
        authorities.push(trust.find(issuer.subject(), key));
        certificates.push(issuer.der());
    }
    let anchor = path.anchor();
    authorities.push(trust.find(&anchor.subject, &anchor.subject_public_key_info));
    // One that only came with the card has no meaning here: what it issues is nobody's to say.
    let issuer = authorities[0].ok_or(CardFault::UnknownAuthority)?;
    let mut above = Vec::new();
    for (der, issuer) in certificates.iter().zip(&authorities[1..]) {
        let certificate = Certificate::from_der(der).map_err(|_| CardFault::Unreadable)?;
        above.push(Above {
            serial: Serial::from_integer(certificate.tbs_certificate.serial_number.as_bytes())
                .ok_or(CardFault::Unreadable)?,
            issuer: *issuer,
            is_configured: trust.intermediates.iter().any(|known| known == der),
            points: usage::distribution_points(&certificate),
        });
    }
    Ok(Chain { issuer, above })
}

/// What the holder and the audit trail are told of webpki's refusals.
fn fault_of(error: &Error) -> CardFault {
    match error {
        Error::CertExpired { .. } => CardFault::Expired,
        Error::CertNotValidYet { .. } => CardFault::NotYetValid,
        Error::UnknownIssuer => CardFault::UnknownAuthority,
        Error::UnsupportedSignatureAlgorithmContext(_) => CardFault::WeakSignature,
        Error::CaUsedAsEndEntity
        | Error::EmptyEkuExtension
        | Error::RequiredEkuNotFoundContext(_)
        // What limits its use in a way that can't be understood may forbid this one.
        | Error::UnsupportedCriticalExtension => CardFault::WrongUsage,
        Error::BadDer
        | Error::BadDerTime
        | Error::ExtensionValueInvalid
        | Error::InvalidCertValidity
        | Error::InvalidSerialNumber
        | Error::MalformedDnsIdentifier
        | Error::MalformedExtensions
        | Error::MalformedNameConstraint
        | Error::InvalidNetworkMaskConstraint
        | Error::TrailingData(_)
        | Error::UnsupportedCertVersion => CardFault::Unreadable,
        // InvalidSignatureForPublicKey, SignatureAlgorithmMismatch, EndEntityUsedAsCa, PathLenConstraintViolated,
        // NameConstraintViolation, the bounds on effort … and what a later version adds: refused all the same.
        _ => CardFault::BrokenChain,
    }
}
