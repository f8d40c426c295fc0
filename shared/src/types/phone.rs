use core::fmt;

use serde::{Deserialize, Serialize};

use super::string_type;

/// A phone number in E.164: `+`, then 8 to 15 digits. Reading what a person writes (`06 12 …`) needs the numbering
/// plans' metadata and is the server's work.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A text that is no number in E.164.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPhone;

impl PhoneNumber {
    /// Reads a number that is in E.164 already.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let digits = text.strip_prefix('+').ok_or(InvalidPhone)?;
        let well_formed = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPhone)
        }
    }
}

string_type!(PhoneNumber, InvalidPhone);

silent_debug!(PhoneNumber);

impl fmt::Display for InvalidPhone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .write_str("this is no phone number (expected for example 06 12 34 56 78 or +33 6 12 34 56 78)")
    }
}

impl core::error::Error for InvalidPhone {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_e164_is_a_phone_number() {
        assert!(PhoneNumber::parse("+33612345678").is_ok());
        for text in ["0612345678", "+033612345678", "+33", "+33 6 12", ""] {
            assert_eq!(PhoneNumber::parse(text), Err(InvalidPhone), "{text:?}");
        }
    }
}
