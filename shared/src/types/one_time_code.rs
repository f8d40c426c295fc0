use core::fmt;

use serde::{Deserialize, Serialize};

use super::string_type;

/// How many digits a one-time code has.
pub const CODE_DIGITS: usize = 6;

/// A one-time code as it was sent: six digits. What is pasted with spaces, or copied with a dash, is read as well.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OneTimeCode(String);

/// A text that is no one-time code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode;

impl OneTimeCode {
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        let digits: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && !matches!(character, '-' | '.'))
            .collect();
        let well_formed = digits.len() == CODE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed {
            Ok(Self(digits))
        } else {
            Err(InvalidCode)
        }
    }
}

string_type!(OneTimeCode, InvalidCode);

silent_debug!(OneTimeCode);

impl fmt::Display for InvalidCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this is no one-time code (expected six digits)")
    }
}

impl core::error::Error for InvalidCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_paste_it() {
        for text in ["012345", " 012 345 ", "012\u{a0}345\n", "012-345"] {
            assert_eq!(OneTimeCode::parse(text).unwrap().as_str(), "012345", "{text:?}");
        }
    }

    #[test]
    fn what_is_not_six_digits_is_no_code() {
        for text in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(OneTimeCode::parse(text), Err(InvalidCode), "{text:?}");
        }
    }
}
