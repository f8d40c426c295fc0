use core::fmt;

use serde::{Deserialize, Serialize};

/// The number under which a professional is registered nationally.
///
/// RPPS: 11 digits of which the last is a Luhn check digit. ADELI: 9 characters, digits but for a Corsican
/// department's letter (`2A`, `2B`) in second place.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "number", rename_all = "lowercase")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum NationalId {
    Rpps(String),
    Adeli(String),
}

/// Why a text is no RPPS or ADELI number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidNationalId {
    /// Neither 11 digits (RPPS) nor 9 characters (ADELI).
    Form,
    /// 11 digits, but the check digit is wrong: a digit was mistyped.
    CheckDigit,
}

impl NationalId {
    /// Reads an RPPS or ADELI number; white space is dropped, the length tells which it is.
    pub fn parse(text: &str) -> Result<Self, InvalidNationalId> {
        let number: String = text
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect::<String>()
            .to_uppercase();
        match number.len() {
            11 if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                if luhn_holds(&number) {
                    Ok(Self::Rpps(number))
                } else {
                    Err(InvalidNationalId::CheckDigit)
                }
            }
            9 if is_adeli(&number) => Ok(Self::Adeli(number)),
            _ => Err(InvalidNationalId::Form),
        }
    }

    /// Reads the «identification nationale» of a card or of the national directory: `8` and the RPPS number, or `0` and the ADELI
    /// number. Nothing but these characters: what a machine wrote has no blanks to forgive.
    pub fn from_identification_nationale(text: &str) -> Result<Self, InvalidNationalId> {
        let is_number = |number: &str, length: usize| {
            number.len() == length && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match text.split_at_checked(1) {
            Some(("8", rpps)) if is_number(rpps, 11) => Self::parse(rpps),
            Some(("0", adeli)) if is_number(adeli, 9) => Self::parse(adeli),
            _ => Err(InvalidNationalId::Form),
        }
    }

    /// The number alone.
    pub fn number(&self) -> &str {
        match self {
            Self::Rpps(number) | Self::Adeli(number) => number,
        }
    }

    /// The «identification nationale» of the national directory and of the cards: `8` + RPPS, `0` + ADELI.
    pub fn identification_nationale(&self) -> String {
        match self {
            Self::Rpps(number) => format!("8{number}"),
            Self::Adeli(number) => format!("0{number}"),
        }
    }
}

fn is_adeli(number: &str) -> bool {
    number
        .bytes()
        .enumerate()
        .all(|(position, byte)| byte.is_ascii_digit() || (position == 1 && matches!(byte, b'A' | b'B')))
}

/// ISO/IEC 7812-1, annex B.
fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(position, byte)| {
            let digit = u32::from(byte - b'0');
            let weighted = if position % 2 == 1 { digit * 2 } else { digit };
            if weighted > 9 { weighted - 9 } else { weighted }
        })
        .sum();
    sum.is_multiple_of(10)
}

impl fmt::Debug for NationalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rpps(_) => "NationalId::Rpps(…)",
            Self::Adeli(_) => "NationalId::Adeli(…)",
        })
    }
}

impl fmt::Display for InvalidNationalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Form => "expected an RPPS number (11 digits) or an ADELI number (9 characters)",
            Self::CheckDigit => "the RPPS number's check digit does not match: a digit was mistyped",
        })
    }
}

impl core::error::Error for InvalidNationalId {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn eleven_digits_with_their_check_digit_are_an_rpps_number() {
        assert_eq!(
            NationalId::parse("10003456784"),
            Err(InvalidNationalId::CheckDigit)
        );
        assert_eq!(
            NationalId::parse("1000 3456 786"),
            Ok(NationalId::Rpps("10003456786".into()))
        );
    }

    #[test]
    fn nine_characters_are_an_adeli_number_even_from_corsica() {
        assert_eq!(
            NationalId::parse("061234567"),
            Ok(NationalId::Adeli("061234567".into()))
        );
        assert_eq!(
            NationalId::parse("2a1234567"),
            Ok(NationalId::Adeli("2A1234567".into()))
        );
        assert_eq!(NationalId::parse("20X234567"), Err(InvalidNationalId::Form));
    }

    #[test]
    fn a_national_identification_tells_by_its_first_digit_which_number_follows() {
        let read = NationalId::from_identification_nationale;
        assert_eq!(read("810003456786"), Ok(NationalId::Rpps("10003456786".into())));
        assert_eq!(read("0061234567"), Ok(NationalId::Adeli("061234567".into())));
        assert_eq!(read("02A1234567"), Ok(NationalId::Adeli("2A1234567".into())));
        assert_eq!(read("810003456784"), Err(InvalidNationalId::CheckDigit));
    }

    #[test]
    fn whatever_else_stands_in_the_place_of_a_national_identification_is_refused() {
        for text in [
            "",
            "8",
            "10003456786",
            "910003456786",
            "010003456786",
            "8061234567",
            "8 10003456786",
            "810003456786 ",
            "8100034567860",
            "8\u{661}0003456786",
            "81000345678\0",
            "\u{e9}10003456786",
        ] {
            assert_eq!(
                NationalId::from_identification_nationale(text),
                Err(InvalidNationalId::Form),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_written_as_a_national_identification_is_read_again(stem in "[0-9]{10}", adeli in "[0-9][0-9AB][0-9]{7}") {
            let check = (0..10).find(|digit| luhn_holds(&format!("{stem}{digit}"))).expect("one digit fits");
            for id in [NationalId::Rpps(format!("{stem}{check}")), NationalId::Adeli(adeli)] {
                prop_assert_eq!(NationalId::from_identification_nationale(&id.identification_nationale()), Ok(id));
            }
        }

        #[test]
        fn one_mistyped_digit_is_always_noticed(stem in "[0-9]{10}", position in 0_usize..11, shift in 1_u8..10) {
            let check = (0..10).find(|digit| luhn_holds(&format!("{stem}{digit}"))).expect("one digit fits");
            let mut number = format!("{stem}{check}").into_bytes();
            number[position] = b'0' + (number[position] - b'0' + shift) % 10;
            let mistyped = String::from_utf8(number).expect("digits");
            prop_assert_eq!(NationalId::parse(&mistyped), Err(InvalidNationalId::CheckDigit));
        }
    }
}
