//! Phone numbers as people write them.

use phonenumber::{Type, country};
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
    // Of the spaces that part figures the parser knows some: what a word processor puts between them is not among those.
    let text = text.replace(char::is_whitespace, " ");
    HOME_COUNTRIES
        .into_iter()
        .filter_map(|country| phonenumber::parse(Some(country), &text).ok())
        .find(phonenumber::is_valid)
        .ok_or(InvalidPhone)
        .and_then(|number| PhoneNumber::parse(&number.format().mode(phonenumber::Mode::E164).to_string()))
}

/// Countries by their two letters (ISO 3166), whose numbers a portal sends SMS to.
///
/// A list, because SMS to far numbering plans are paid to whoever holds the number: that is what SMS pumping lives on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countries(Vec<country::Id>);

/// No country's two letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found «{0}», expected a country's two letters (ISO 3166) such as FR or RE")]
pub struct UnknownCountry(String);

impl Countries {
    /// # Errors
    /// [`UnknownCountry`] for the first text that names none.
    pub fn parse<'a>(codes: impl IntoIterator<Item = &'a str>) -> Result<Self, UnknownCountry> {
        codes
            .into_iter()
            .map(|code| code.parse().map_err(|_| UnknownCountry(code.to_owned())))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// France and its overseas lands, whatever their numbering plans.
    pub fn french() -> Self {
        use country::Id;
        Self(vec![
            Id::FR,
            Id::GP,
            Id::MQ,
            Id::GF,
            Id::RE,
            Id::YT,
            Id::PM,
            Id::BL,
            Id::MF,
            Id::NC,
            Id::PF,
            Id::WF,
        ])
    }

    /// Whether SMS may go to the number: of one of these countries, and a mobile one. Premium and shared-cost numbers earn
    /// whoever has them called; a landline reads no code.
    pub fn take(&self, number: &PhoneNumber) -> bool {
        let Ok(number) = phonenumber::parse(None, number.as_str()) else {
            return false;
        };
        let mobile = matches!(
            number.number_type(&phonenumber::metadata::DATABASE),
            Type::Mobile | Type::FixedLineOrMobile
        );
        mobile
            && number
                .country()
                .id()
                .is_some_and(|country| self.0.contains(&country))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sms_go_to_mobile_numbers_of_the_portals_countries_alone() {
        let french = Countries::french();
        let takes =
            |countries: &Countries, number: &str| countries.take(&PhoneNumber::parse(number).unwrap());
        for mobile in [
            "+33612345678",
            "+33761234567",
            "+262692123456",
            "+262639201234",
            "+590690001234",
            "+596696201234",
            "+594694201234",
            "+508551234",
            "+687751234",
            "+68987123456",
        ] {
            assert!(takes(&french, mobile), "{mobile}");
        }
        for other in [
            // A landline, a premium number, Belgium, Comoros, a Caribbean island under the United States' code.
            "+33498080080",
            "+33899123456",
            "+32470123456",
            "+2693212345",
            "+18765550123",
        ] {
            assert!(!takes(&french, other), "{other}");
        }
        let belgian = Countries::parse(["BE"]).unwrap();
        assert!(takes(&belgian, "+32470123456") && !takes(&belgian, "+33612345678"));
        let refused = Countries::parse(["FR", "France"]).unwrap_err();
        assert!(refused.to_string().contains("«France»"), "{refused}");
    }

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

    #[test]
    fn what_people_write_is_told_apart_by_whether_sms_reach_it() {
        let french = Countries::french();
        for (written, reached) in [
            ("06 12 34 56 78", true),
            ("0692 12 34 56", true),
            ("0639 01 23 45", true),
            ("04 98 08 00 80", false),
            ("0262 90 00 00", false),
            ("0800 12 34 56", false),
            ("09 70 12 34 56", false),
        ] {
            let number = parse(written).unwrap_or_else(|_| panic!("{written}"));
            assert_eq!(french.take(&number), reached, "{written}");
        }
    }

    /// How people part the digits of a number.
    fn parted(digits: &str, separator: &str) -> String {
        let (first, rest) = digits.split_at(2);
        let pairs = rest
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair));
        core::iter::once(first.into())
            .chain(pairs)
            .collect::<Vec<_>>()
            .join(separator)
    }

    proptest! {
        #[test]
        fn a_mobile_number_is_the_same_however_it_is_written(
            digits in "6[1-9][0-9]{7}",
            separator in prop::sample::select(vec!["", " ", ".", "-", "\u{a0}", "\u{202f}", "/"]),
        ) {
            let national = parted(&format!("0{digits}"), separator);
            let expected = parse(&format!("+33{digits}"));
            prop_assume!(expected.is_ok());
            prop_assert_eq!(&parse(&national), &expected);
            prop_assert_eq!(&parse(&format!("+33 (0){digits}")), &expected);
            prop_assert_eq!(&parse(&format!("0033{digits}")), &expected);
        }

        #[test]
        fn whatever_is_typed_is_a_number_in_e164_or_none(text in "\\PC{0,40}") {
            if let Ok(number) = parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str()), Ok(number.clone()));
                prop_assert_eq!(parse(number.as_str()), Ok(number));
            }
        }
    }
}
