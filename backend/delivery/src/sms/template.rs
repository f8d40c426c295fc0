//! Texts with places in them: `{to}`, `{text}`. What stands in a place is written as its surroundings want it.

use std::collections::BTreeMap;

/// A text with places. Braces around anything but a name of `a-z`, `0-9` and `_` are braces, as JSON has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Place(String),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// In an address or a form's body: all but letters, digits and `-_.~` as `%XX`.
    Percent,
    /// Inside a JSON string.
    Json,
    /// In a header or a text, without line ends.
    Line,
    /// As it is.
    Text,
}

impl Template {
    pub(super) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let (mut words, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            words.push_str(before);
            rest = match after.split_once('}') {
                Some((name, behind)) if is_name(name) => {
                    pieces.push(Piece::Words(core::mem::take(&mut words)));
                    pieces.push(Piece::Place(name.to_owned()));
                    behind
                }
                _ => {
                    words.push('{');
                    after
                }
            };
        }
        words.push_str(rest);
        pieces.push(Piece::Words(words));
        Self(pieces)
    }

    /// The names of its places.
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Words(_) => None,
        })
    }

    /// The text with `values` in its places; one that has none stays empty.
    pub(super) fn fill(&self, values: &BTreeMap<&str, &str>, encoding: Encoding) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Place(name) => {
                    encode(values.get(name.as_str()).copied().unwrap_or_default(), encoding)
                }
            })
            .collect()
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn encode(value: &str, encoding: Encoding) -> String {
    match encoding {
        Encoding::Text => value.to_owned(),
        Encoding::Line => value
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect(),
        Encoding::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Encoding::Percent => value
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(template: &str, value: &str, encoding: Encoding) -> String {
        Template::parse(template).fill(&BTreeMap::from([("to", value)]), encoding)
    }

    #[test]
    fn places_are_filled_and_other_braces_left_alone() {
        assert_eq!(filled("a{to}b{to}", "1", Encoding::Text), "a1b1");
        assert_eq!(filled("{\"to\":\"{to}\"}", "1", Encoding::Json), "{\"to\":\"1\"}");
        assert_eq!(filled("{ to }{}{", "1", Encoding::Text), "{ to }{}{");
        assert_eq!(filled("{other}", "1", Encoding::Text), "");
        let template = Template::parse("{to} and {{text}}");
        assert_eq!(template.places().collect::<Vec<_>>(), ["to", "text"]);
    }

    #[test]
    fn a_value_is_written_as_its_surroundings_want_it() {
        assert_eq!(
            filled("?n={to}", "+33 é&\n", Encoding::Percent),
            "?n=%2B33%20%C3%A9%26%0A"
        );
        assert_eq!(filled("\"{to}\"", "a\"\\\n", Encoding::Json), "\"a\\\"\\\\\\n\"");
        assert_eq!(filled("{to}", "a\r\nX: b", Encoding::Line), "a  X: b");
    }

    proptest! {
        #[test]
        fn whatever_a_value_holds_json_reads_it_back(value in any::<String>()) {
            let json = filled("{\"a\":\"{to}\",\"b\":1}", &value, Encoding::Json);
            let read: serde_json::Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(read["a"].as_str(), Some(value.as_str()));
        }
    }
}
