//! Reading a table into a type with every key that is wrong told, not the first only.

use std::path::Path;

use figment::Figment;
use figment::error::Kind;
use figment::providers::Serialized;
use figment::value::{Dict, Value};

use super::error::ConfigError;

/// More wrong keys than anybody mends from one list.
const MOST_ERRORS: usize = 100;

/// No word and no key of any configuration.
const NOBODYS: &str = "\u{0}";

/// What was read, and what is wrong with it. A value beside errors is not to be used but to find more of them.
pub(super) struct Reading<T> {
    pub value: Option<T>,
    pub errors: Vec<ConfigError>,
}

/// Reads `figment` as `extract` does. What can't be read is told, and `stand_ins` take its place, so that the rest is judged all the same.
pub(super) fn read<T>(
    figment: &Figment,
    stand_ins: Dict,
    file: &Path,
    extract: impl Fn(&Figment) -> figment::Result<T>,
) -> Reading<T> {
    let mut errors: Vec<ConfigError> = Vec::new();
    let mut dict: Dict = match figment.extract() {
        Ok(dict) => dict,
        Err(error) => {
            return Reading {
                value: None,
                errors: ConfigError::from_figment(error, file),
            };
        }
    };
    let stand_ins = Value::from(stand_ins);
    while errors.len() < MOST_ERRORS {
        let error = match extract(&Figment::from(Serialized::defaults(&dict))) {
            Ok(value) => {
                return Reading {
                    value: Some(value),
                    errors,
                };
            }
            Err(error) => error,
        };
        let mut mended = false;
        let error = probed(error, &dict, &extract);
        for mut error in ConfigError::from_figment(error, file) {
            mended |= mend(&mut dict, &error.key, &stand_ins);
            if !concerns_one_of(&errors, &error) {
                // The table that was read has forgotten where its values came from.
                let source = figment.find_metadata(&error.key);
                if source.is_some_and(|source| source.name.contains("environment")) {
                    "environment".clone_into(&mut error.file);
                }
                errors.push(error);
            }
        }
        if !mended {
            break;
        }
    }
    Reading { value: None, errors }
}

/// Of a value of the wrong kind serde tells the program's name for what it expected. What may stand there it tells of a word
/// or a key that it does not know: one that nobody knows is put in the value's place to hear it.
fn probed<T>(
    mut error: figment::Error,
    dict: &Dict,
    extract: impl Fn(&Figment) -> figment::Result<T>,
) -> figment::Error {
    let (Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected)) = &mut error.kind else {
        return error;
    };
    let unknown = if expected.starts_with("enum ") || expected.starts_with("variant ") {
        Value::from(NOBODYS)
    } else if expected.starts_with("struct ") && expected != "struct Localized" {
        Dict::from([(NOBODYS.to_owned(), true.into())]).into()
    } else {
        return error;
    };
    let mut dict = Value::from(dict.clone());
    if let Some(place) = at(&mut dict, &error.path) {
        *place = unknown;
    }
    let told = extract(&Figment::from(Serialized::defaults(&dict))).map(drop);
    match told.map_err(|error| error.kind) {
        Err(Kind::UnknownVariant(found, known)) if found == NOBODYS => {
            *expected = format!("one of {}, in quotes", known.join(", "));
        }
        Err(Kind::UnknownField(found, known)) if found == NOBODYS => {
            *expected = format!("a table of {}", known.join(", "));
        }
        _ => {}
    }
    error
}

/// The value at the end of `path`.
fn at<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Dict(_, inner) => inner.get_mut(key),
        Value::Array(_, inner) => inner.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Whether the error's key, or a part or the whole of it, was told already: a stand-in must not be told too.
pub(super) fn concerns_one_of(told: &[ConfigError], error: &ConfigError) -> bool {
    let inside = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    told.iter()
        .any(|told| inside(&told.key, &error.key) || inside(&error.key, &told.key))
}

/// Takes the value at `key` away (of a list, the whole list), or puts the stand-in there where nothing stands.
/// `false` when neither was possible.
fn mend(dict: &mut Dict, key: &str, stand_ins: &Value) -> bool {
    if remove(dict, key) {
        return true;
    }
    match stand_ins.find_ref(key) {
        Some(value) => insert(dict, key, value.clone()),
        None => false,
    }
}

fn remove(dict: &mut Dict, key: &str) -> bool {
    let Some((first, rest)) = key.split_once('.') else {
        return dict.remove(key).is_some();
    };
    match dict.get_mut(first) {
        Some(Value::Dict(_, inner)) => remove(inner, rest),
        Some(_) => dict.remove(first).is_some(),
        None => false,
    }
}

fn insert(dict: &mut Dict, key: &str, value: Value) -> bool {
    let Some((first, rest)) = key.split_once('.') else {
        return dict.insert(key.to_owned(), value).is_none();
    };
    let inner = dict.entry(first.to_owned()).or_insert_with(|| Dict::new().into());
    match inner {
        Value::Dict(_, inner) => insert(inner, rest, value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format, Toml};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        #[expect(dead_code, reason = "only whether it can be read is asked")]
        table: Table,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Table {
        #[expect(dead_code, reason = "only whether it can be read is asked")]
        number: u8,
        #[expect(dead_code, reason = "only whether it can be read is asked")]
        list: Vec<bool>,
    }

    fn keys(toml: &str) -> Vec<String> {
        let stand_ins = Figment::from(Toml::string("[table]\nnumber = 1\nlist = []"));
        let stand_ins = stand_ins.extract().unwrap();
        let figment = Figment::from(Toml::string(toml));
        let reading: Reading<Whole> = read(&figment, stand_ins, Path::new("x.toml"), Figment::extract);
        reading.errors.into_iter().map(|error| error.key).collect()
    }

    #[test]
    fn every_wrong_key_is_told_once() {
        assert_eq!(keys("[table]\nnumber = 1\nlist = [true]"), [""; 0]);
        let mut told = keys("lost = 1\n[table]\nnumber = 300\nlist = [1]\nother = 2");
        told.sort();
        assert_eq!(told, ["lost", "table.list.0", "table.number", "table.other"]);
        assert_eq!(keys(""), ["table"]);
        let mut told = keys("[table]\nextra = 1");
        told.sort();
        assert_eq!(told, ["table.extra", "table.list", "table.number"]);
    }
}
