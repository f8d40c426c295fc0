//! Plain text in lines that every mail program shows whole.

/// Longest line of a text part, in characters: RFC 5322 recommends 78, and a quoted answer adds two.
pub(super) const WIDTH: usize = 76;

const NO_BREAK_SPACE: char = '\u{a0}';

/// Breaks lines longer than [`WIDTH`] at their spaces, never at a no-break space; what follows keeps the line's indent.
/// A word that is longer (an address, an identifier) stays whole. No-break spaces, which some programs show as
/// question marks, become ordinary ones; the text ends on one line feed.
pub(super) fn wrap(text: &str) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    for line in text.trim_end().lines() {
        wrap_line(line.trim_end(), &mut wrapped);
        wrapped.push('\n');
    }
    wrapped.replace(NO_BREAK_SPACE, " ")
}

fn wrap_line(line: &str, wrapped: &mut String) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let (indent, words) = line.split_at(indent);
    wrapped.push_str(indent);
    let mut width = indent.len();
    for (position, word) in words.split(' ').enumerate() {
        let length = word.chars().count();
        if position > 0 {
            if width + 1 + length > WIDTH {
                wrapped.push('\n');
                wrapped.push_str(indent);
                width = indent.len();
            } else {
                wrapped.push(' ');
                width += 1;
            }
        }
        wrapped.push_str(word);
        width += length;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_or_an_hour_is_not_torn_apart() {
        let line = format!(
            "{} 02\u{a0}50\u{a0}53\u{a0}70\u{a0}01.",
            "mot ".repeat(17).trim_end()
        );
        let wrapped = wrap(&line);
        assert!(wrapped.ends_with("\n02 50 53 70 01.\n"), "{wrapped}");
    }

    #[test]
    fn an_indented_word_longer_than_the_line_stays_whole() {
        let address = format!("    https://portail.example.org/{}", "a".repeat(80));
        assert_eq!(wrap(&address), format!("{address}\n"));
    }

    proptest! {
        #[test]
        fn wrapping_changes_nothing_but_where_lines_end(text in "[a-zé«» \u{a0}]{0,300}") {
            let wrapped = wrap(&text);
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&wrapped), words(&text));
            for line in wrapped.lines() {
                let unbreakable = text.split([' ', '\n']).any(|word| word.chars().count() > WIDTH / 2);
                prop_assert!(line.chars().count() <= WIDTH || unbreakable, "{line:?}");
            }
        }
    }
}
