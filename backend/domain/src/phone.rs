//! Phone numbers as people write them.

use phonenumber::country;
use portique_shared::types::{InvalidPhone, PhoneNumber};

/// Where a number without a country code may be from: metropolitan France first, then overseas, whose numbers have the
/// same ten digits under codes of their own.
const HOME_COUNTRIES: [country::Id; 6] = [
    country::FR,
    country::RE,
    country::GP,
    country::MQ,
    country::GF,
    country::YT,
];

/// Reads a phone number as a person writes it (`06 12 34 56 78`, `0692 12 34 56`, `+33 (0)6 12 …`) and gives it in E.164.
///
/// # Errors
/// [`InvalidPhone`] when no French numbering plan holds it and it bears no other country's code.
pub fn parse(text: &str) -> Result<PhoneNumber, InvalidPhone> {
    HOME_COUNTRIES
        .into_iter()
        .filter_map(|country| phonenumber::parse(Some(country), text).ok())
        .find(phonenumber::is_valid)
        .ok_or(InvalidPhone)
        .and_then(|number| PhoneNumber::parse(&number.format().mode(phonenumber::Mode::E164).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_and_overseas_numbers_become_e164() {
        for (written, e164) in [
            ("06 12 34 56 78", "+33612345678"),
            ("04.98.08.00.80", "+33498080080"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("0033612345678", "+33612345678"),
            ("0692 12 34 56", "+262692123456"),
            ("0690 00 12 34", "+590690001234"),
            ("+32 470 12 34 56", "+32470123456"),
        ] {
            assert_eq!(parse(written).map(String::from), Ok(e164.to_owned()), "{written}");
        }
    }

    #[test]
    fn what_no_numbering_plan_holds_is_refused() {
        for written in [
            "",
            "bonjour",
            "06 12",
            "00 00 00 00 00",
            "06 12 34 56 78 90 12 34",
        ] {
            assert_eq!(parse(written), Err(InvalidPhone), "{written}");
        }
    }
}
