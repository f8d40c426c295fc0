use core::fmt;

use serde::{Deserialize, Serialize};

use super::string_type;

/// An e-mail address as RFC 5321 lets a mailbox be written without quotes, in ASCII; its domain in lower case.
///
/// Addresses are looked up folded, which makes one of `exämple.fr` and `example.fr`: two mailboxes. Whoever has a domain
/// with accents writes it as `xn--…`, which mail servers do too.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address; white space around it is dropped.
    ///
    /// The client links only the check of form; the server adds `validator`'s, which knows the standard's corners.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let trimmed = text.trim();
        let (local, domain) = trimmed.rsplit_once('@').ok_or(InvalidEmail)?;
        if !(is_local_part(local) && is_domain(domain) && trimmed.len() <= 254) {
            return Err(InvalidEmail);
        }
        #[cfg(feature = "server")]
        if !validator::ValidateEmail::validate_email(&trimmed) {
            return Err(InvalidEmail);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.len() <= 64
        && !local
            .chars()
            .any(|character| !character.is_ascii_graphic() || "\"(),:;<>@[\\]".contains(character))
}

fn is_domain(domain: &str) -> bool {
    let mut labels = 0_u32;
    let well_formed = domain.split('.').all(|label| {
        labels += 1;
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '-')
    });
    well_formed && labels >= 2
}

string_type!(EmailAddress, InvalidEmail);

impl fmt::Debug for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EmailAddress(…@{})", self.domain())
    }
}

impl fmt::Display for InvalidEmail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("this is no e-mail address (expected name@domain, without accents)")
    }
}

impl core::error::Error for InvalidEmail {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_read_with_their_domain_in_lower_case() {
        let address = EmailAddress::parse(" Jeanne.Martin+ror@CHU-Nice.FR ").expect("well formed");
        assert_eq!(address.as_str(), "Jeanne.Martin+ror@chu-nice.fr");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "jeanne",
            "@chu.fr",
            "jeanne@",
            "jeanne@chu",
            "jean ne@chu.fr",
            "a@-chu.fr",
            "a@chu..fr",
            "a\r\nBcc: b@c.fr@chu.fr",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn an_address_whose_letters_another_mailbox_has_too_once_folded_is_refused() {
        for text in [
            "x@exämple.fr",
            "x@ESSEN-STRAßE.de",
            "x@exa\u{308}mple.fr",
            "hélène@chu.fr",
            "ｊeanne@chu.fr",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text:?}");
        }
        assert!(EmailAddress::parse("x@xn--exmple-cua.fr").is_ok());
    }

    #[test]
    fn a_log_never_shows_who_an_address_belongs_to() {
        let address = EmailAddress::parse("jeanne@chu.fr").expect("well formed");
        assert_eq!(format!("{address:?}"), "EmailAddress(…@chu.fr)");
    }
}
