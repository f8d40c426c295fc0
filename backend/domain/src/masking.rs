//! The masked address that a portal shows when a password is asked for by identifier.
//!
//! Nothing but a domain that the portal names is ever shown. For an identifier that nobody has, one is drawn by a keyed
//! hash, with the shares that the portal gives its domains: the same at each request, and the same as known ones in bulk.

use hmac::{Hmac, KeyInit, Mac};
use portique_shared::types::{EmailAddress, NationalId, PhoneNumber};
use sha2::Sha256;

use crate::portal::PortalName;

/// Stands for what is not shown.
const HIDDEN: &str = "…";

/// The masked address of whoever has `folded` as identifier, or of nobody.
///
/// `address`: the account's, if there is one. `domains`: those that may be shown, with their shares of a hundred.
pub fn masked(
    secret: &[u8; 32],
    portal: &PortalName,
    folded: &str,
    address: Option<&EmailAddress>,
    domains: &[(String, u32)],
) -> String {
    // Drawn for everybody, so that the same work is done for everybody.
    let drawn = draw(share(secret, portal, folded), domains);
    let shown = match address {
        Some(address) => domains
            .iter()
            .map(|(domain, _)| domain.as_str())
            .find(|domain| *domain == address.domain()),
        None => drawn,
    };
    format!("{HIDDEN}@{}", shown.unwrap_or(HIDDEN))
}

/// `j…@chu.fr`: enough for the operator to know an address again, and for nobody else to write to it.
pub fn first_letter_and_domain(address: &EmailAddress) -> String {
    let first = address.local_part().chars().next().unwrap_or_default();
    format!("{first}…@{}", address.domain())
}

/// `exxxxxx@oxxx.fr`: what a person knows their own address by, of a length that tells nothing.
pub fn address(address: &EmailAddress) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let (name, ending) = address
        .domain()
        .rsplit_once('.')
        .unwrap_or((address.domain(), ""));
    format!(
        "{}xxxxxx@{}xxx.{ending}",
        first(address.local_part()),
        first(name)
    )
}

/// `06 xx xx xx 78`; of another country's number `+… 56`.
pub fn phone(number: &PhoneNumber) -> String {
    let digits = number.as_str();
    let last = &digits[digits.len() - 2..];
    match digits.strip_prefix("+33") {
        Some(national) => format!("0{} xx xx xx {last}", &national[..1]),
        None => format!("+… {last}"),
    }
}

/// `10xxxxxxx86`: what a professional knows their own number by.
pub fn national_number(id: &NationalId) -> String {
    let digits = id.number();
    let hidden = "x".repeat(digits.len() - 4);
    format!("{}{hidden}{}", &digits[..2], &digits[digits.len() - 2..])
}

/// 0 to 99, steady for one identifier on one portal.
fn share(secret: &[u8; 32], portal: &PortalName, folded: &str) -> u32 {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(portal.as_str().as_bytes());
    mac.update(&[0]);
    mac.update(folded.as_bytes());
    let [first, second, third, fourth, ..] = <[u8; 32]>::from(mac.finalize().into_bytes());
    // 2^32 is so much more than 100 that no share is favoured by more than a hundred-millionth.
    u32::from_be_bytes([first, second, third, fourth]) % 100
}

fn draw(share: u32, domains: &[(String, u32)]) -> Option<&str> {
    let mut upper = 0;
    domains.iter().find_map(|(domain, part)| {
        upper += part;
        (share < upper).then_some(domain.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domains() -> Vec<(String, u32)> {
        vec![("normand-esante.fr".into(), 70), ("chu-caen.fr".into(), 20)]
    }

    fn shown(identifier: &str, address: Option<&str>) -> String {
        let address = address.map(|text| EmailAddress::parse(text).unwrap());
        masked(
            &[7; 32],
            &PortalName::parse("normandie").unwrap(),
            identifier,
            address.as_ref(),
            &domains(),
        )
    }

    #[test]
    fn of_a_known_address_only_a_domain_that_the_portal_names_is_shown() {
        assert_eq!(shown("a", Some("jeanne@chu-caen.fr")), "…@chu-caen.fr");
        assert_eq!(shown("a", Some("jeanne@gmail.com")), "…@…");
    }

    #[test]
    fn the_operator_sees_an_addresss_first_letter_and_its_domain() {
        let address = EmailAddress::parse("Jeanne.Lefevre@chu-caen.fr").unwrap();
        assert_eq!(first_letter_and_domain(&address), "J…@chu-caen.fr");
    }

    #[test]
    fn a_person_knows_their_own_address_and_number_again_and_nobody_else_does() {
        let address_of = |text: &str| address(&EmailAddress::parse(text).unwrap());
        assert_eq!(address_of("e.martin@orange.fr"), "exxxxxx@oxxx.fr");
        assert_eq!(address_of("e@o.fr"), "exxxxxx@oxxx.fr");
        let phone_of = |text: &str| phone(&PhoneNumber::parse(text).unwrap());
        assert_eq!(phone_of("+33612345678"), "06 xx xx xx 78");
        assert_eq!(phone_of("+262692123456"), "+… 56");
    }

    #[test]
    fn of_a_national_number_two_characters_at_each_end_are_shown() {
        let shown = |number: &str| national_number(&NationalId::parse(number).unwrap());
        assert_eq!(shown("10003456786"), "10xxxxxxx86");
        assert_eq!(shown("2A1234567"), "2Axxxxx67");
    }

    #[test]
    fn an_unknown_identifier_gets_the_same_each_time() {
        assert_eq!(shown("personne", None), shown("personne", None));
    }

    #[test]
    fn in_bulk_unknown_identifiers_have_the_portals_shares() {
        let count = |wanted: &str| {
            (0..10_000)
                .filter(|number| shown(&format!("inconnu{number}"), None) == wanted)
                .count()
        };
        assert!((6_800..7_200).contains(&count("…@normand-esante.fr")));
        assert!((1_850..2_150).contains(&count("…@chu-caen.fr")));
        assert!((850..1_150).contains(&count("…@…")));
    }

    #[test]
    fn a_thousand_known_and_a_thousand_unknown_identifiers_show_the_same_texts_as_often() {
        let known = |number: u32| match number % 100 {
            0..70 => format!("p{number}@normand-esante.fr"),
            70..90 => format!("p{number}@chu-caen.fr"),
            _ => format!("p{number}@cabinet{number}.example"),
        };
        let mut counts = std::collections::BTreeMap::<String, [i32; 2]>::new();
        for number in 0..1_000 {
            let identifier = format!("prenom.nom{number}");
            counts
                .entry(shown(&identifier, Some(&known(number))))
                .or_default()[0] += 1;
            counts.entry(shown(&identifier, None)).or_default()[1] += 1;
        }
        for (text, [known, unknown]) in &counts {
            // Three and a half standard deviations of a draw of a thousand, at most.
            assert!((known - unknown).abs() < 55, "{text}: {known}, {unknown}");
        }
        assert_eq!(counts.len(), 3, "no text is shown to one kind alone: {counts:?}");
    }
}
