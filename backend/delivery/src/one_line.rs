//! Names and other words of the configuration and of records, made safe to stand in a header or on a line.

/// The text with each run of control characters (line ends above all) as one space, trimmed. What stands in a header can't
/// end it, and what stands on a line of a text can't start another.
pub(crate) fn one_line(text: &str) -> String {
    text.split(|character: char| character.is_control() || "\u{2028}\u{2029}".contains(character))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .trim_matches(' ')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_other_control_characters_become_one_space() {
        assert_eq!(one_line(" a\r\n\u{0}b\u{85}c\u{2028}d\t"), "a b c d");
    }
}
