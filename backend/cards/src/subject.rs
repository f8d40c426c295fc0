//! Who holds a card, by its certificate's subject: `CN=8<RPPS>+SN=…+GN=…, title=…, C=FR`.

use const_oid::db::rfc4519::CN;
use const_oid::db::rfc4519::{COUNTRY_NAME, GIVEN_NAME, SN};
use der::asn1::{
    Any, BmpString, Ia5StringRef, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef,
};
use der::{Tag, Tagged};
use portique_domain::card::CardFault;
use portique_shared::types::{InvalidNationalId, NationalId};
use x509_cert::name::Name;

/// The upper bound that X.520 gives to each of these attributes, with room for names that need more.
const MAX_CHARACTERS: usize = 128;

/// The national series of test cards: RPPS numbers that nobody is given.
const TEST_SERIES: &str = "899700";

/// A card's holder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) number: NationalId,
    pub(crate) family_name: String,
    pub(crate) given_name: String,
    /// Of the national test series.
    pub(crate) is_test: bool,
}

/// Reads a subject. Each of the attributes must be there exactly once in the whole of it: where two stand, what one reader takes
/// for the holder another takes for decoration.
///
/// They are one RDN of several values, in any order; as RDNs of their own they are read too: since each is unique and all are
/// under one signature, how they are grouped can't change who is meant.
pub(crate) fn read(subject: &Name) -> Result<Holder, CardFault> {
    let common_name = sole(subject, CN)?;
    let family_name = sole(subject, SN)?;
    let given_name = sole(subject, GIVEN_NAME)?;
    if sole(subject, COUNTRY_NAME)? != "FR" {
        return Err(CardFault::OtherCountry);
    }
    let number = NationalId::from_identification_nationale(&common_name).map_err(|wrong| match wrong {
        InvalidNationalId::Form => CardFault::NotANumber,
        InvalidNationalId::CheckDigit => CardFault::CheckDigit,
    })?;
    Ok(Holder {
        number,
        family_name,
        given_name,
        is_test: common_name.starts_with(TEST_SERIES),
    })
}

/// The text of the only attribute of that kind.
fn sole(subject: &Name, kind: ObjectIdentifier) -> Result<String, CardFault> {
    let mut found = subject
        .0
        .iter()
        .flat_map(|names| names.0.iter())
        .filter(|attribute| attribute.oid == kind);
    let attribute = match (found.next(), found.next()) {
        (Some(attribute), None) => attribute,
        (None, _) if kind == CN => return Err(CardFault::NoCommonName),
        (Some(_), Some(_)) if kind == CN => return Err(CardFault::SeveralCommonNames),
        _ => return Err(CardFault::SubjectUnclear),
    };
    let text = text(&attribute.value).ok_or(CardFault::NotPlainText)?;
    if text.chars().any(is_strange) {
        return Err(CardFault::NotPlainText);
    }
    if text.trim().is_empty() || text.chars().count() > MAX_CHARACTERS {
        return Err(CardFault::SubjectUnclear);
    }
    Ok(text)
}

/// The text of a name's value, whichever of the kinds of strings it is.
pub(crate) fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value
            .decode_as::<Utf8StringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        Tag::Ia5String => value
            .decode_as::<Ia5StringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        Tag::TeletexString => value
            .decode_as::<TeletexStringRef<'_>>()
            .ok()
            .map(|text| text.as_str().to_owned()),
        Tag::BmpString => value.decode_as::<BmpString>().ok().map(|text| text.to_string()),
        _ => None,
    }
}

/// What people can't see in a text: NUL, line ends, what turns the direction of writing.
fn is_strange(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
