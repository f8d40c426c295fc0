//! What a certificate is for, by its extensions.

use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_OCSP_SIGNING};
use const_oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK;
use der::asn1::ObjectIdentifier;
use x509_cert::Certificate;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

/// Whether it is for authentication. A card holds a second certificate for signatures (contentCommitment, once nonRepudiation):
/// what that one's key signs binds its holder, and must never be a handshake. Where an extension is missing, nothing is assumed.
pub(crate) fn is_for_authentication(certificate: &Certificate) -> bool {
    let Ok(Some((_, usage))) = certificate.tbs_certificate.get::<KeyUsage>() else {
        return false;
    };
    usage.digital_signature() && !usage.non_repudiation() && has_purpose(certificate, ID_KP_CLIENT_AUTH)
}

/// Whether it may answer for the revocations of the authority that issued it (RFC 6960, 4.2.2.2).
pub(crate) fn is_for_ocsp(certificate: &Certificate) -> bool {
    let signs = match certificate.tbs_certificate.get::<KeyUsage>() {
        Ok(usage) => usage.is_none_or(|(_, usage)| usage.digital_signature()),
        Err(_) => false,
    };
    signs && has_purpose(certificate, ID_KP_OCSP_SIGNING)
}

/// Whether its authority says that nobody need ask if it was revoked, as of responders whose certificates are good for days.
pub(crate) fn is_never_checked(certificate: &Certificate) -> bool {
    let extensions = certificate.tbs_certificate.extensions.as_deref();
    extensions.is_some_and(|all| all.iter().any(|one| one.extn_id == ID_PKIX_OCSP_NOCHECK))
}

fn has_purpose(certificate: &Certificate, purpose: ObjectIdentifier) -> bool {
    matches!(
        certificate.tbs_certificate.get::<ExtendedKeyUsage>(),
        Ok(Some((_, purposes))) if purposes.0.contains(&purpose)
    )
}

/// Whether it may issue certificates.
pub(crate) fn is_authority(certificate: &Certificate) -> bool {
    let is_ca = matches!(
        certificate.tbs_certificate.get::<BasicConstraints>(),
        Ok(Some((_, constraints))) if constraints.ca
    );
    is_ca && allows(certificate, KeyUsage::key_cert_sign)
}

/// Whether it may sign lists of revoked certificates.
pub(crate) fn may_sign_lists(certificate: &Certificate) -> bool {
    allows(certificate, KeyUsage::crl_sign)
}

/// Whether the key's usage is unlimited, or has this one.
fn allows(certificate: &Certificate, wanted: fn(&KeyUsage) -> bool) -> bool {
    match certificate.tbs_certificate.get::<KeyUsage>() {
        Ok(usage) => usage.is_none_or(|(_, usage)| wanted(&usage)),
        Err(_) => false,
    }
}

/// Where the certificate says that its revocation is published.
pub(crate) fn distribution_points(certificate: &Certificate) -> Vec<String> {
    let Ok(Some((_, points))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() else {
        return Vec::new();
    };
    points
        .0
        .iter()
        .filter_map(|point| point.distribution_point.as_ref())
        .flat_map(addresses)
        .collect()
}

/// The addresses among a distribution point's names.
pub(crate) fn addresses(name: &DistributionPointName) -> Vec<String> {
    match name {
        DistributionPointName::FullName(names) => names
            .iter()
            .filter_map(|name| match name {
                GeneralName::UniformResourceIdentifier(address) => Some(address.to_string()),
                _ => None,
            })
            .collect(),
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    }
}
