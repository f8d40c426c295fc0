//! What the other modules build their DER with.

use der::asn1::{Any, OctetString};
use der::oid::ObjectIdentifier;
use der::{DateTime, Encode, Tag};
use jiff::Timestamp;
use std::time::Duration;
use x509_cert::ext::Extension;
use x509_cert::time::Time;

/// The DER of a value.
pub(crate) fn encode(value: &impl Encode) -> Vec<u8> {
    value
        .to_der()
        .expect("encoding fails past 256 MiB alone, and nothing here is as long")
}

/// Bytes under a tag, which need not be what the tag promises.
pub(crate) fn any(tag: Tag, bytes: Vec<u8>) -> Any {
    Any::new(tag, bytes).expect("a value is refused past 256 MiB alone, and nothing here is as long")
}

/// A sequence of values that are encoded already.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Any {
    any(Tag::Sequence, parts.concat())
}

/// An extension of a certificate or of a list, with any content.
pub fn extension(id: ObjectIdentifier, critical: bool, content: Vec<u8>) -> Extension {
    Extension {
        extn_id: id,
        critical,
        extn_value: OctetString::new(content).expect("no extension is longer than 256 MiB"),
    }
}

/// A time as certificates have it: two digits of the year up to 2049, four after.
pub(crate) fn time(at: Timestamp) -> Time {
    let moment = date_time(at);
    match der::asn1::UtcTime::from_date_time(moment) {
        Ok(short) => Time::UtcTime(short),
        Err(_) => Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(moment)),
    }
}

pub(crate) fn date_time(at: Timestamp) -> DateTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    DateTime::from_unix_duration(Duration::from_secs(seconds))
        .expect("jiff's last year is the last one of DER, 9999")
}

/// PEM of DER bytes, lines ended by a line feed.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    der::pem::encode_string(label, der::pem::LineEnding::LF, der)
        .expect("the labels are ours, and the bytes fit in memory")
}
