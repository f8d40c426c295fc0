//! The templates, in the binary: a server that started can render every mail.

use core::fmt::Write;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, Output, UndefinedBehavior, escape_formatter};

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// Name and source of each file of `templates/`. A message is a folder; in it, each language has a subject, a text and an HTML part.
const SOURCES: [(&str, &str); 66] = templates![
    "address_proof/en.html",
    "address_proof/en.subject",
    "address_proof/en.txt",
    "address_proof/fr.html",
    "address_proof/fr.subject",
    "address_proof/fr.txt",
    "contact_code/en.html",
    "contact_code/en.subject",
    "contact_code/en.txt",
    "contact_code/fr.html",
    "contact_code/fr.subject",
    "contact_code/fr.txt",
    "identifiers/en.html",
    "identifiers/en.subject",
    "identifiers/en.txt",
    "identifiers/fr.html",
    "identifiers/fr.subject",
    "identifiers/fr.txt",
    "invitation/en.html",
    "invitation/en.subject",
    "invitation/en.txt",
    "invitation/fr.html",
    "invitation/fr.subject",
    "invitation/fr.txt",
    "layout/base.html",
    "layout/foot.en.html",
    "layout/foot.en.txt",
    "layout/foot.fr.html",
    "layout/foot.fr.txt",
    "layout/parts.html",
    "password_changed/en.html",
    "password_changed/en.subject",
    "password_changed/en.txt",
    "password_changed/fr.html",
    "password_changed/fr.subject",
    "password_changed/fr.txt",
    "password_links/en.html",
    "password_links/en.subject",
    "password_links/en.txt",
    "password_links/fr.html",
    "password_links/fr.subject",
    "password_links/fr.txt",
    "request_refused/en.html",
    "request_refused/en.subject",
    "request_refused/en.txt",
    "request_refused/fr.html",
    "request_refused/fr.subject",
    "request_refused/fr.txt",
    "request_waiting/en.html",
    "request_waiting/en.subject",
    "request_waiting/en.txt",
    "request_waiting/fr.html",
    "request_waiting/fr.subject",
    "request_waiting/fr.txt",
    "security_changed/en.html",
    "security_changed/en.subject",
    "security_changed/en.txt",
    "security_changed/fr.html",
    "security_changed/fr.subject",
    "security_changed/fr.txt",
    "sign_in_code/en.html",
    "sign_in_code/en.subject",
    "sign_in_code/en.txt",
    "sign_in_code/fr.html",
    "sign_in_code/fr.subject",
    "sign_in_code/fr.txt",
];

/// Every template, parsed. What a template names and does not get is an error, never an empty place in a mail.
pub(super) static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        let is_html = name
            .rsplit_once('.')
            .is_some_and(|(_, extension)| extension == "html");
        if is_html {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.set_formatter(|out, state, value| match (state.auto_escape(), value.as_str()) {
        (AutoEscape::Html, Some(text)) if !value.is_safe() => escape(out, text),
        _ => escape_formatter(out, state, value),
    });
    for (name, source) in SOURCES {
        environment
            .add_template(name, source)
            .expect("the sources are constants, and the tests of this crate parse them all");
    }
    environment
});

/// Escapes what would open an element, end an attribute or begin a reference, and nothing else: minijinja also escapes
/// slashes, and an address written `https:&#x2f;&#x2f;` looks hidden on purpose to a spam filter.
fn escape(out: &mut Output, text: &str) -> Result<(), Error> {
    for character in text.chars() {
        match character {
            '<' => out.write_str("&lt;"),
            '>' => out.write_str("&gt;"),
            '&' => out.write_str("&amp;"),
            '"' => out.write_str("&quot;"),
            '\'' => out.write_str("&#39;"),
            _ => out.write_char(character),
        }?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates"));
        let mut found = Vec::new();
        for folder in root.read_dir().unwrap() {
            let folder = folder.unwrap();
            for file in folder.path().read_dir().unwrap() {
                let file = file.unwrap().file_name();
                found.push(format!(
                    "{}/{}",
                    folder.file_name().to_str().unwrap(),
                    file.to_str().unwrap()
                ));
            }
        }
        found.sort();
        let embedded: Vec<&str> = SOURCES.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, embedded);
        assert_eq!(TEMPLATES.templates().count(), SOURCES.len());
    }
}
