//! A portal's file over its preset.

use figment::value::{Dict, Value};
use portique_shared::Language;

/// Tables whose keys belong together: two colours made for each other, shares that make a hundred.
const WHOLE: [&str; 2] = ["colours", "masked_domains"];

/// The preset with what the file gives in its place, key by key.
///
/// Some tables are taken whole, above all a text in its languages: a preset's English beside a portal's own French would
/// say something else, where nobody looks for it.
pub(super) fn overlay(preset: Dict, own: &Dict) -> Dict {
    let mut merged = preset;
    for (key, value) in own {
        let value = match (merged.remove(key), value) {
            (Some(Value::Dict(_, preset)), Value::Dict(tag, own)) if !is_whole(key, &preset) => {
                Value::Dict(*tag, overlay(preset, own))
            }
            (_, own) => own.clone(),
        };
        merged.insert(key.clone(), value);
    }
    merged
}

fn is_whole(key: &str, preset: &Dict) -> bool {
    let is_language = |key: &String| Language::ALL.iter().any(|language| language.tag() == key);
    WHOLE.contains(&key) || (!preset.is_empty() && preset.keys().all(is_language))
}

#[cfg(test)]
mod tests {
    use figment::providers::{Format, Toml};
    use figment::{Profile, Provider};

    use super::*;

    fn table(toml: &str) -> Dict {
        let mut profiles = Toml::string(toml).data().unwrap();
        profiles.remove(&Profile::Default).unwrap()
    }

    fn laid(preset: &str, own: &str) -> Value {
        overlay(table(preset), &table(own)).into()
    }

    #[test]
    fn what_the_file_gives_replaces_the_presets_and_the_rest_stays() {
        let laid = laid(
            "a = 1\nlist = [1, 2]\n[t]\nx = 1\ny = 2",
            "list = [3]\n[t]\ny = 5",
        );
        let expected = table("a = 1\nlist = [3]\n[t]\nx = 1\ny = 5");
        assert_eq!(laid, Value::from(expected));
    }

    #[test]
    fn a_text_is_taken_with_all_its_languages_however_deep_it_stands() {
        let laid = laid(
            "[pages.contacts]\ntitle = { fr = \"A\", en = \"B\" }\ntext = { fr = \"C\", en = \"D\" }",
            "[pages.contacts.text]\nfr = \"E\"",
        );
        assert!(laid.find_ref("pages.contacts.title.en").is_some());
        assert!(laid.find_ref("pages.contacts.text.en").is_none());
    }
}
