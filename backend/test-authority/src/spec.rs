//! What a certificate shall say, good or bad.

use der::asn1::Ia5String;
use der::oid::{ObjectIdentifier, db::rfc5280};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsages};

use crate::asn1::{encode, extension};
use crate::key::{Hash, Key, KeyKind};
use crate::name::{Attribute, Name};

/// Microsoft's purpose of signing in with a card, which cards have beside the client's authentication.
pub const SMART_CARD_LOGON: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.20.2.2");

/// From when to when a certificate is good, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Period {
    /// From midnight (UTC) of the first of January of one year to that of another.
    pub fn years(from: i16, until: i16) -> Self {
        let midnight = |year| {
            date(year, 1, 1)
                .to_zoned(TimeZone::UTC)
                .expect("the years of certificates are within jiff's")
                .timestamp()
        };
        Self {
            from: midnight(from),
            until: midnight(until),
        }
    }
}

/// Where a certificate says that its revocation is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urls {
    pub crls: Vec<String>,
    pub ocsp: Option<String>,
    /// Of the issuer's own certificate.
    pub issuer: Option<String>,
}

/// What a certificate shall say. Each field may be set to what no honest authority would write.
#[derive(Clone)]
pub struct Spec {
    pub subject: Name,
    /// Another name than the issuing authority's.
    pub issuer: Option<Name>,
    pub key: Key,
    pub valid: Period,
    /// Empty: no such extension.
    pub key_usage: Vec<KeyUsages>,
    /// Empty: no such extension.
    pub extended_key_usage: Vec<ObjectIdentifier>,
    pub basic_constraints: Option<BasicConstraints>,
    pub alternative_names: Vec<GeneralName>,
    /// `None`: those of the issuing authority.
    pub urls: Option<Urls>,
    /// Written after the others.
    pub extra: Vec<Extension>,
    /// Big-endian. `None`: 16 bytes made from the rest, always the same.
    pub serial: Option<Vec<u8>>,
    pub hash: Hash,
    /// Another key than the issuing authority's: a forged signature.
    pub signed_by: Option<Key>,
    /// The algorithm that the certificate says it is signed with, whatever it is: MD5, one that nobody has …
    pub claims: Option<ObjectIdentifier>,
    /// The same of the part that is signed alone, where the two must agree.
    pub claims_inside: Option<ObjectIdentifier>,
}

impl Spec {
    /// A card's certificate for authentication: good from 2025 to 2027, with a P-256 key of its own.
    pub fn card(subject: Name) -> Self {
        let label = format!("card {}", String::from_utf8_lossy(&encode(&subject.to_any())));
        Self {
            subject,
            issuer: None,
            key: Key::of(&label, KeyKind::P256),
            valid: Period::years(2025, 2028),
            key_usage: vec![KeyUsages::DigitalSignature],
            extended_key_usage: vec![rfc5280::ID_KP_CLIENT_AUTH, SMART_CARD_LOGON],
            basic_constraints: None,
            alternative_names: vec![],
            urls: None,
            extra: vec![],
            serial: None,
            hash: Hash::Sha256,
            signed_by: None,
            claims: None,
            claims_inside: None,
        }
    }

    /// [`Spec::card`] of a physician: `number` is the whole common name, as `810003456786`.
    pub fn professional(number: &str, surname: &str, given_name: &str) -> Self {
        Self::card(Name::professional(number, surname, given_name, "Médecin"))
    }

    /// The card's other certificate, which signs documents and must open nothing.
    pub fn signature(subject: Name) -> Self {
        Self {
            key_usage: vec![KeyUsages::NonRepudiation],
            extended_key_usage: vec![],
            ..Self::card(subject)
        }
    }

    /// An organisation's, for its software.
    pub fn organisation(common_name: &str, organisation: &str) -> Self {
        Self {
            extended_key_usage: vec![rfc5280::ID_KP_CLIENT_AUTH],
            ..Self::card(Name(vec![
                Attribute::country("FR").into(),
                Attribute::organisation(organisation).into(),
                Attribute::unit("318751275100020").into(),
                Attribute::common_name(common_name).into(),
            ]))
        }
    }

    /// An authority of that common name, good from 2013 to 2032.
    pub fn authority(common_name: &str) -> Self {
        Self {
            key: Key::of(&format!("authority {common_name}"), KeyKind::P256),
            valid: Period::years(2013, 2033),
            key_usage: vec![KeyUsages::KeyCertSign, KeyUsages::CRLSign],
            extended_key_usage: vec![],
            basic_constraints: Some(BasicConstraints {
                ca: true,
                path_len_constraint: None,
            }),
            ..Self::card(Name::authority(common_name))
        }
    }

    /// A TLS server's, for these names.
    pub fn server(names: &[&str]) -> Self {
        let alternative_names = names
            .iter()
            .filter_map(|name| Some(GeneralName::DnsName(Ia5String::new(name).ok()?)))
            .collect();
        let first = names.first().copied().unwrap_or("localhost");
        Self {
            extended_key_usage: vec![rfc5280::ID_KP_SERVER_AUTH],
            alternative_names,
            ..Self::card(Name(vec![Attribute::common_name(first).into()]))
        }
    }

    /// Of one that answers about revocations in its authority's name.
    pub fn ocsp_signer(common_name: &str) -> Self {
        let no_check = extension(
            ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5"),
            false,
            encode(&der::asn1::Null),
        );
        Self {
            extended_key_usage: vec![rfc5280::ID_KP_OCSP_SIGNING],
            extra: vec![no_check],
            urls: Some(Urls::default()),
            ..Self::card(Name::authority(common_name))
        }
    }

    /// The same with a key of another kind, of its own again.
    #[must_use]
    pub fn with_key(mut self, kind: KeyKind) -> Self {
        let label = String::from_utf8_lossy(&encode(&self.subject.to_any())).into_owned();
        self.key = Key::of(&label, kind);
        self
    }
}
