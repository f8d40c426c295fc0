//! What a key should hold, in an operator's words: the reader of TOML speaks of the program's own types.

use figment::error::{Actual, Kind};

/// Longest text that is repeated, in characters: a line is to be read at one glance.
const LONGEST_REPEATED: usize = 60;

/// `key`: where it was found. What stands in a secret's place is not repeated.
pub(super) fn expectation(kind: &Kind, key: &str) -> String {
    match kind {
        Kind::MissingField(_) => "missing: this key must be given".to_owned(),
        Kind::UnknownField(_, []) => "unknown key".to_owned(),
        Kind::UnknownField(_, known) => format!("unknown key, expected one of {}", known.join(", ")),
        Kind::UnknownVariant(found, known) => {
            format!("found «{}», expected one of {}", short(found), known.join(", "))
        }
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("found {}, expected {}", in_words(found, key), place(expected))
        }
        Kind::InvalidLength(_, expected) => format!("found a list, expected {}", place(expected)),
        Kind::Message(text) => message(text),
        kind => short(&kind.to_string()),
    }
}

/// What stands there.
fn in_words(found: &Actual, key: &str) -> String {
    match found {
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        Actual::Unit | Actual::Option => "nothing".to_owned(),
        Actual::Bool(value) => value.to_string(),
        // A key's number is none; a key in its place is.
        Actual::Str(_) | Actual::Char(_) if holds_a_secret(key) => "a text".to_owned(),
        _ if holds_a_secret(key) && key.rsplit('.').next() != Some("id") => "something else".to_owned(),
        Actual::Unsigned(value) => value.to_string(),
        Actual::Signed(value) => value.to_string(),
        Actual::Float(value) => value.to_string(),
        Actual::Char(value) => format!("«{value}»"),
        Actual::Str(value) => format!("«{}»", short(value)),
        _ => "something else".to_owned(),
    }
}

fn holds_a_secret(key: &str) -> bool {
    ["secrets", "database.url", "mail.password", "sms"]
        .iter()
        .any(|secret| key.starts_with(secret))
}

/// What may stand there, from serde's name for it.
fn place(expected: &str) -> &str {
    match expected {
        "a string" | "path string" => "a text in quotes",
        "a boolean" => "true or false",
        "u8" => "a whole number, 0 to 255",
        "u16" => "a whole number, 0 to 65535",
        "u32" => "a whole number, 0 to 4294967295",
        "u64" | "usize" => "a whole number, 0 or more",
        "a sequence" => "a list: [ … ]",
        "a map" => "a table: { … }",
        "IPv4 or IPv6 network address" => NETWORK,
        "struct Localized" => "a text in its languages: { fr = \"…\", en = \"…\" }",
        // Where the probe could not tell its keys.
        table if table.starts_with("struct ") => "a table: { … }",
        word if word.starts_with("enum ") || word.starts_with("variant ") => {
            "one of the words for it, in quotes"
        }
        ours => ours,
    }
}

const NETWORK: &str = "a network in quotes, such as \"10.0.0.0/8\" (one machine: \"10.0.0.1/32\")";

/// Most are the program's own, and say what was expected.
fn message(text: &str) -> String {
    match text {
        "invalid IP address syntax" => format!("expected {NETWORK}"),
        text => syntax(text).unwrap_or_else(|| text.to_owned()),
    }
}

/// What is no TOML, on one line. The line itself is not repeated: it may hold a password.
fn syntax(text: &str) -> Option<String> {
    let place = text.lines().next()?.strip_prefix("TOML parse error at ")?;
    let words = text.lines().skip_while(|line| !is_marker(line)).skip(1);
    let words: Vec<&str> = words.map(str::trim).filter(|line| !line.is_empty()).collect();
    Some(format!("no TOML at {place}: {}", words.join("; ")))
}

/// The line whose `^` points at the fault.
fn is_marker(line: &str) -> bool {
    let line = line.trim_start();
    line.strip_prefix('|')
        .is_some_and(|rest| rest.contains('^') && rest.chars().all(|character| " ^".contains(character)))
}

/// On one line, and not too long.
fn short(text: &str) -> String {
    let mut characters = text
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character });
    let mut shortened: String = characters.by_ref().take(LONGEST_REPEATED).collect();
    if characters.next().is_some() {
        shortened.push('…');
    }
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_toml_is_told_with_its_place_and_without_its_line() {
        let told = "TOML parse error at line 3, column 12\n  |\n3 | password = \"s3cret\n  |            ^\ninvalid basic string, expected `\"`\n";
        assert_eq!(
            expectation(&Kind::Message(told.to_owned()), ""),
            "no TOML at line 3, column 12: invalid basic string, expected `\"`"
        );
    }

    #[test]
    fn what_stands_in_a_secrets_place_is_not_repeated() {
        let kind = Kind::InvalidType(Actual::Str("5e5e5e".to_owned()), "a sequence".to_owned());
        assert_eq!(
            expectation(&kind, "secrets.keys"),
            "found a text, expected a list: [ … ]"
        );
        assert_eq!(
            expectation(&kind, "hosts"),
            "found «5e5e5e», expected a list: [ … ]"
        );
    }

    #[test]
    fn a_long_text_is_cut_and_its_lines_are_one() {
        let kind = Kind::UnknownVariant(format!("a\nb{}", "c".repeat(100)), &["x", "y"]);
        let told = expectation(&kind, "log.format");
        assert!(
            told.starts_with("found «a bccc") && told.ends_with("c…», expected one of x, y"),
            "{told}"
        );
    }
}
