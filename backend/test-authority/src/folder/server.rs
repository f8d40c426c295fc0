//! The TLS certificate of the host that asks for cards.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;

use der::asn1::{Ia5String, OctetString};
use der::{DecodePem, Encode};
use jiff::{SignedDuration, Timestamp};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::write_secret;
use crate::authority::Authority;
use crate::key::{Key, KeyKind};
use crate::name::{Attribute, Name};
use crate::spec::{Period, Spec};

const LASTS: SignedDuration = SignedDuration::from_hours(365 * 24);
/// With less left, it is written anew.
const LEFT_AT_LEAST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Writes certificate, key and root, unless a good certificate for these names is there already: who imported its root
/// needs not do so again.
///
/// The root's key is written nowhere: it stands in people's browsers, and whoever held it could be any site to them.
pub(super) fn write(
    folder: &Path,
    hosts: &[String],
    at: Timestamp,
    chance: &mut dyn FnMut() -> [u8; 32],
) -> io::Result<()> {
    let names = hosts
        .iter()
        .map(|host| name(host))
        .collect::<io::Result<Vec<_>>>()?;
    let file = folder.join("card-host.pem");
    if fs::read(&file).is_ok_and(|pem| is_still_good(&pem, &names, at)) {
        return Ok(());
    }
    let valid = Period {
        from: at - SignedDuration::from_hours(24),
        until: at + LASTS,
    };
    let root = Authority::root(Spec {
        key: Key::from_seed(chance(), KeyKind::P256),
        valid,
        ..Spec::authority("Portique, racine TLS de démonstration")
    });
    let server = root.issue(Spec {
        key: Key::from_seed(chance(), KeyKind::P256),
        valid,
        alternative_names: names,
        subject: Name(vec![Attribute::common_name("Portique, hôte des cartes").into()]),
        ..Spec::server(&[])
    });
    write_secret(&folder.join("card-host.key.pem"), server.key.to_pem().as_bytes())?;
    fs::write(folder.join("racine.pem"), root.to_pem())?;
    fs::write(file, server.to_pem())
}

fn name(host: &str) -> io::Result<GeneralName> {
    if let Ok(address) = host.parse::<IpAddr>() {
        let bytes = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        return OctetString::new(bytes)
            .map(GeneralName::IpAddress)
            .map_err(io::Error::other);
    }
    Ia5String::new(host).map(GeneralName::DnsName).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{host}: a host's name is written in ASCII"),
        )
    })
}

fn is_still_good(pem: &[u8], names: &[GeneralName], at: Timestamp) -> bool {
    let Ok(certificate) = Certificate::from_pem(pem) else {
        return false;
    };
    let content = certificate.tbs_certificate;
    let until = content.validity.not_after.to_unix_duration().as_secs();
    let needed = (at + LEFT_AT_LEAST).as_second();
    let for_these = match content.get::<SubjectAltName>() {
        Ok(Some((_, written))) => written.to_der() == SubjectAltName(names.to_vec()).to_der(),
        _ => false,
    };
    for_these && i64::try_from(until).is_ok_and(|until| until > needed)
}
