//! Names of holders and authorities, down to how each string and each set is encoded.

use der::Tag;
use der::asn1::Any;
use der::oid::{ObjectIdentifier, db::rfc4519};
use x509_cert::attr::AttributeTypeAndValue;

use crate::asn1::{any, encode, sequence};

/// A string of one of ASN.1's kinds. Nothing is checked: a bad one is what some tests are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    tag: Tag,
    bytes: Vec<u8>,
}

impl Text {
    pub fn utf8(text: &str) -> Self {
        Self::raw(Tag::Utf8String, text.as_bytes())
    }

    pub fn printable(text: &str) -> Self {
        Self::raw(Tag::PrintableString, text.as_bytes())
    }

    /// UTF-16, the greater byte first.
    pub fn bmp(text: &str) -> Self {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        Self::raw(Tag::BmpString, &bytes)
    }

    /// Any bytes under any tag.
    pub fn raw(tag: Tag, bytes: &[u8]) -> Self {
        Self {
            tag,
            bytes: bytes.to_vec(),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::utf8(text)
    }
}

/// One attribute: `CN=…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub id: ObjectIdentifier,
    pub value: Text,
}

impl Attribute {
    pub fn new(id: ObjectIdentifier, value: impl Into<Text>) -> Self {
        Self {
            id,
            value: value.into(),
        }
    }

    pub fn common_name(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::CN, value)
    }

    pub fn surname(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::SN, value)
    }

    pub fn given_name(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::GIVEN_NAME, value)
    }

    pub fn title(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::TITLE, value)
    }

    pub fn country(value: &str) -> Self {
        Self::new(rfc4519::C, Text::printable(value))
    }

    pub fn organisation(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::O, value)
    }

    pub fn unit(value: impl Into<Text>) -> Self {
        Self::new(rfc4519::OU, value)
    }

    fn encoded(&self) -> Vec<u8> {
        encode(&AttributeTypeAndValue {
            oid: self.id,
            value: any(self.value.tag, self.value.bytes.clone()),
        })
    }
}

/// A relative distinguished name: one attribute, or a set of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rdn {
    pub attributes: Vec<Attribute>,
    /// In the order given, even where DER wants another.
    pub as_given: bool,
}

impl From<Attribute> for Rdn {
    fn from(attribute: Attribute) -> Self {
        vec![attribute].into()
    }
}

impl From<Vec<Attribute>> for Rdn {
    fn from(attributes: Vec<Attribute>) -> Self {
        Self {
            attributes,
            as_given: false,
        }
    }
}

/// A distinguished name, the country first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name(pub Vec<Rdn>);

impl Name {
    /// As a card's: `C=FR`, `title=…`, then one set of common name (the number), surname and given name.
    pub fn professional(number: &str, surname: &str, given_name: &str, title: &str) -> Self {
        Self::holder(
            title,
            vec![
                Attribute::common_name(number),
                Attribute::surname(surname),
                Attribute::given_name(given_name),
            ],
        )
    }

    /// `C=FR`, `title=…`, then these attributes in one set.
    pub fn holder(title: &str, attributes: impl Into<Rdn>) -> Self {
        Self(vec![
            Attribute::country("FR").into(),
            Attribute::title(title).into(),
            attributes.into(),
        ])
    }

    /// As IGC-Santé's authorities have it, but for the organisation: nobody shall take these for the nation's.
    pub fn authority(common_name: &str) -> Self {
        let unit = if common_name.starts_with("TEST ") {
            "IGC-SANTE TEST"
        } else {
            "IGC-SANTE"
        };
        Self(vec![
            Attribute::country("FR").into(),
            Attribute::organisation("PORTIQUE CARTES FICTIVES").into(),
            Attribute::unit("0002 000000000").into(),
            Attribute::unit(unit).into(),
            Attribute::common_name(common_name).into(),
        ])
    }

    pub(crate) fn to_any(&self) -> Any {
        let sets: Vec<Vec<u8>> = self
            .0
            .iter()
            .map(|rdn| {
                let mut attributes: Vec<Vec<u8>> = rdn.attributes.iter().map(Attribute::encoded).collect();
                if !rdn.as_given {
                    attributes.sort();
                }
                encode(&any(Tag::Set, attributes.concat()))
            })
            .collect();
        sequence(&sets)
    }
}
