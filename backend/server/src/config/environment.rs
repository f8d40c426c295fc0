//! Settings from the environment, which knows nothing but texts.

use std::collections::BTreeMap;

use figment::providers::Env;
use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

/// `PORTIQUE__SECTION__KEY`. A list or a table is read as figment reads it, and so is a text in quotes; anything else stays
/// the text that it is, to be read as a number only where one is expected: `0123`, `true` and `1e3` may be passwords.
pub(super) struct Environment(Env);

impl Environment {
    pub(super) fn read() -> Self {
        Self(Env::prefixed("PORTIQUE__").split("__"))
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        self.0.metadata()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let texts: BTreeMap<String, String> = self
            .0
            .iter()
            .map(|(key, text)| (key.into_string(), text))
            .collect();
        let profiles = self.0.data()?.into_iter();
        Ok(profiles
            .map(|(profile, dict)| (profile, as_texts(dict, "", &texts)))
            .collect())
    }
}

/// Puts the text that stood in the environment in the place of what was guessed from it.
fn as_texts(dict: Dict, path: &str, texts: &BTreeMap<String, String>) -> Dict {
    dict.into_iter()
        .map(|(key, value)| {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            let value = match (value, texts.get(&path)) {
                (Value::Dict(tag, inner), _) => Value::Dict(tag, as_texts(inner, &path, texts)),
                (list @ Value::Array(..), _) => list,
                (value, Some(text)) if !is_quoted(text) => Value::String(value.tag(), text.clone()),
                (value, _) => value,
            };
            (key, value)
        })
        .collect()
}

fn is_quoted(text: &str) -> bool {
    let text = text.trim();
    text.len() > 1 && text.starts_with('"') && text.ends_with('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What figment makes of `text` under `mail.password`, and what stays of it.
    fn read(text: &str) -> Value {
        let guessed: Value = text.parse().unwrap();
        let dict = Dict::from([(
            "mail".to_owned(),
            Dict::from([("password".to_owned(), guessed)]).into(),
        )]);
        let texts = BTreeMap::from([("mail.password".to_owned(), text.to_owned())]);
        let mail = as_texts(dict, "", &texts).remove("mail").unwrap();
        mail.into_dict().unwrap().remove("password").unwrap()
    }

    #[test]
    fn what_looks_like_a_number_or_a_boolean_stays_the_text_that_it_is() {
        for text in [
            "123456", "0123", "-1", "1.50", "true", "false", "a b ", "1e3", "x,y",
        ] {
            assert_eq!(read(text), Value::from(text));
        }
    }

    #[test]
    fn lists_tables_and_texts_in_quotes_are_read_as_they_are_written() {
        assert_eq!(read("\"123\""), Value::from("123"));
        assert_eq!(read("[1, 2]"), Value::from(vec![1_u8, 2]));
        let table = read("{ file = \"/run/secrets/mail\" }").into_dict().unwrap();
        assert_eq!(table["file"], Value::from("/run/secrets/mail"));
    }
}
