//! Puts certificates together, byte by byte where an honest library would refuse to.

use der::asn1::{Any, BitString, Ia5String, Int};
use der::flagset::FlagSet;
use der::oid::{ObjectIdentifier, db::rfc5280};
use der::{Decode, Sequence};
use x509_cert::Version;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::Validity;

use crate::asn1::{any, encode, extension, integer, octets, time, usual};
use crate::key::{Hash, Key};
use crate::spec::{Spec, Urls};

/// `x509_cert`'s own sorts names as it is given them; here they are bytes.
#[derive(Sequence)]
struct TbsCertificate {
    #[asn1(context_specific = "0")]
    version: Version,
    serial: Int,
    signature: AlgorithmIdentifierOwned,
    issuer: Any,
    validity: Validity,
    subject: Any,
    public_key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3")]
    extensions: Vec<Extension>,
}

/// What is signed, by what algorithm, and the signature: a certificate, a list.
#[derive(Sequence)]
struct Signed {
    content: Any,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// Who issues.
pub(crate) struct Issuer<'a> {
    pub name: Any,
    pub key: &'a Key,
    pub urls: &'a Urls,
}

/// The certificate's DER and its serial number.
pub(crate) fn issue(spec: &Spec, issuer: &Issuer<'_>) -> (Vec<u8>, Vec<u8>) {
    let signer = spec.signed_by.as_ref().unwrap_or(issuer.key);
    let subject = spec.subject.to_any();
    let serial = spec
        .serial
        .clone()
        .unwrap_or_else(|| serial_of(spec, &subject, issuer.key));
    let algorithm = claimed(signer.algorithm(spec.hash), spec.claims);
    let content = TbsCertificate {
        version: Version::V3,
        serial: integer(&serial),
        signature: claimed(algorithm.clone(), spec.claims_inside),
        issuer: spec
            .issuer
            .as_ref()
            .map_or_else(|| issuer.name.clone(), crate::Name::to_any),
        validity: Validity {
            not_before: time(spec.valid.from),
            not_after: time(spec.valid.until),
        },
        subject,
        public_key: spec.key.public(),
        extensions: extensions(spec, issuer),
    };
    let signature = signer.sign(spec.hash, &encode(&content));
    (signed(&encode(&content), algorithm, signature), serial)
}

/// Signs a sequence's DER.
pub(crate) fn sign(content: &[u8], signer: &Key, hash: Hash) -> Vec<u8> {
    signed(content, signer.algorithm(hash), signer.sign(hash, content))
}

fn signed(content: &[u8], algorithm: AlgorithmIdentifierOwned, signature: BitString) -> Vec<u8> {
    encode(&Signed {
        content: Any::from_der(content).expect("what is signed is a sequence"),
        algorithm,
        signature,
    })
}

/// The algorithm, or what is said in its place.
fn claimed(algorithm: AlgorithmIdentifierOwned, claim: Option<ObjectIdentifier>) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: claim.unwrap_or(algorithm.oid),
        ..algorithm
    }
}

/// A positive number of 16 bytes that is the same whenever the rest is.
fn serial_of(spec: &Spec, subject: &Any, issuer: &Key) -> Vec<u8> {
    let days = format!(
        "{} {} {:?}",
        spec.valid.from, spec.valid.until, spec.extended_key_usage
    );
    let digest = Hash::Sha256.digest(&[
        &encode(subject),
        &spec.key.identifier(),
        &issuer.identifier(),
        days.as_bytes(),
    ]);
    let mut serial = digest[..16].to_vec();
    serial[0] = serial[0] & 0x3f | 0x40;
    serial
}

fn extensions(spec: &Spec, issuer: &Issuer<'_>) -> Vec<Extension> {
    let mut all = vec![
        usual(
            false,
            &AuthorityKeyIdentifier {
                key_identifier: Some(octets(issuer.key.identifier())),
                ..Default::default()
            },
        ),
        usual(false, &SubjectKeyIdentifier(octets(spec.key.identifier()))),
    ];
    if !spec.key_usage.is_empty() {
        let none = FlagSet::<KeyUsages>::default();
        let bits = spec.key_usage.iter().fold(none, |bits, bit| bits | *bit);
        all.push(usual(true, &KeyUsage(bits)));
    }
    if !spec.extended_key_usage.is_empty() {
        all.push(usual(false, &ExtendedKeyUsage(spec.extended_key_usage.clone())));
    }
    if let Some(constraints) = &spec.basic_constraints {
        all.push(usual::<BasicConstraints>(true, constraints));
    }
    if !spec.alternative_names.is_empty() {
        all.push(usual(false, &SubjectAltName(spec.alternative_names.clone())));
    }
    let urls = spec.urls.as_ref().unwrap_or(issuer.urls);
    if !urls.crls.is_empty() {
        let points = urls.crls.iter().map(|url| DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![uri(url)])),
            reasons: None,
            crl_issuer: None,
        });
        all.push(usual(false, &CrlDistributionPoints(points.collect())));
    }
    let access = |method, url: &Option<String>| {
        url.as_ref().map(|url| AccessDescription {
            access_method: method,
            access_location: uri(url),
        })
    };
    let told: Vec<_> = [
        access(rfc5280::ID_AD_OCSP, &urls.ocsp),
        access(rfc5280::ID_AD_CA_ISSUERS, &urls.issuer),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !told.is_empty() {
        all.push(usual(false, &AuthorityInfoAccessSyntax(told)));
    }
    all.extend(spec.extra.iter().cloned());
    all
}

fn uri(url: &str) -> GeneralName {
    GeneralName::UniformResourceIdentifier(Ia5String::new(url).expect("addresses are written in ASCII"))
}

/// A sequence of nothing but an identifier and bytes, for extensions that nobody knows.
pub fn unknown_extension(critical: bool, length: usize) -> Extension {
    let content = encode(&any(der::Tag::OctetString, vec![0x55; length]));
    extension(
        ObjectIdentifier::new_unwrap("1.2.250.1.999999.1"),
        critical,
        content,
    )
}
