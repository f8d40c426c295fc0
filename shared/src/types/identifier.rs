use core::fmt;

use serde::{Deserialize, Serialize};

use super::string_type;

/// Longest identifier, in characters: generous beside the longest seen (an e-mail address).
pub const MAX_IDENTIFIER_CHARS: usize = 128;

/// What a person types to say who they are, as the agency wrote it: 1 to 128 characters, trimmed, without
/// white space inside, control or invisible characters. Comparing without case or accents is the server's work.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Identifier(String);

/// Why a text is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidIdentifier {
    Empty,
    TooLong,
    /// White space, or a control or invisible character inside.
    Character(char),
}

impl Identifier {
    /// Reads an identifier; white space around it is dropped.
    pub fn parse(text: &str) -> Result<Self, InvalidIdentifier> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(InvalidIdentifier::Empty);
        }
        if trimmed.chars().count() > MAX_IDENTIFIER_CHARS {
            return Err(InvalidIdentifier::TooLong);
        }
        match trimmed
            .chars()
            .find(|character| character.is_whitespace() || character.is_control() || is_invisible(*character))
        {
            Some(character) => Err(InvalidIdentifier::Character(character)),
            None => Ok(Self(trimmed.to_owned())),
        }
    }
}

/// Characters of form that show nothing: with them two identifiers that look the same could differ.
pub const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

string_type!(Identifier, InvalidIdentifier);

// Identifiers are personal: logs show that there was one, not which.
silent_debug!(Identifier);

impl fmt::Display for InvalidIdentifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the identifier is empty"),
            Self::TooLong => write!(
                formatter,
                "the identifier has more than {MAX_IDENTIFIER_CHARS} characters"
            ),
            Self::Character(character) => write!(formatter, "the identifier holds {character:?}"),
        }
    }
}

impl core::error::Error for InvalidIdentifier {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_an_identifier_is_dropped_and_inside_is_refused() {
        assert_eq!(
            Identifier::parse(" jeanne.martin ").map(String::from),
            Ok("jeanne.martin".into())
        );
        assert_eq!(
            Identifier::parse("jeanne martin"),
            Err(InvalidIdentifier::Character(' '))
        );
    }

    #[test]
    fn what_nobody_can_see_is_no_part_of_an_identifier() {
        assert_eq!(
            Identifier::parse("zero\u{200b}width"),
            Err(InvalidIdentifier::Character('\u{200b}'))
        );
        assert!(Identifier::parse("jeanne\u{ad}martin").is_err());
    }

    #[test]
    fn an_empty_or_endless_identifier_is_refused() {
        assert_eq!(Identifier::parse("  "), Err(InvalidIdentifier::Empty));
        assert_eq!(
            Identifier::parse(&"a".repeat(129)),
            Err(InvalidIdentifier::TooLong)
        );
    }

    #[test]
    fn a_log_never_shows_an_identifier() {
        let identifier = Identifier::parse("jeanne.martin").expect("well formed");
        assert!(!format!("{identifier:?}").contains("jeanne"));
    }
}
