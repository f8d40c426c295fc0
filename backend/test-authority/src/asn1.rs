//! What the other modules build their DER with.

use der::asn1::{Any, Int, OctetString};
use der::oid::{AssociatedOid, ObjectIdentifier};
use der::{DateTime, Encode, Header, Length, Tag};
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

/// The tag and the length that come before so many bytes.
pub(crate) fn header(tag: Tag, length: u64) -> Vec<u8> {
    let length = u32::try_from(length)
        .ok()
        .and_then(|length| Length::try_from(length).ok())
        .expect("a list of five million cards stays below 256 MiB");
    encode(&Header::new(tag, length).expect("the length was checked above"))
}

/// An extension of a certificate or of a list, with any content.
pub fn extension(id: ObjectIdentifier, critical: bool, content: Vec<u8>) -> Extension {
    Extension {
        extn_id: id,
        critical,
        extn_value: OctetString::new(content).expect("no extension is longer than 256 MiB"),
    }
}

/// An unsigned big-endian number.
pub(crate) fn integer(bytes: &[u8]) -> Int {
    let significant = bytes
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&[0][..], |at| &bytes[at..]);
    let mut padded = Vec::with_capacity(significant.len() + 1);
    if significant[0] >= 0x80 {
        padded.push(0);
    }
    padded.extend_from_slice(significant);
    Int::new(&padded).expect("no number here is longer than 256 MiB")
}

/// An extension of a kind that the library knows.
pub(crate) fn usual<T: AssociatedOid + Encode>(critical: bool, value: &T) -> Extension {
    extension(T::OID, critical, encode(value))
}

pub(crate) fn octets(bytes: Vec<u8>) -> OctetString {
    OctetString::new(bytes).expect("nothing here is longer than 256 MiB")
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
