//! Texts that people are shown: none of them is empty.

use portique_shared::Localized;
use portique_shared::types::is_invisible;

use super::Checker;
use crate::config::portal_file::{PortalFile, RecoveryScreenFile};

impl Checker<'_> {
    pub(super) fn texts(&mut self, file: &PortalFile) {
        for (key, text) in texts(file) {
            if is_blank(&text.fr) {
                self.wrong(
                    format!("{key}.fr"),
                    "found an empty text, expected words: people are shown them",
                );
            }
            if text.en.as_deref().is_some_and(is_blank) {
                self.wrong(
                    format!("{key}.en"),
                    "found an empty text, expected words, or no `en` at all: English shows the French then",
                );
            }
        }
        if is_blank(&file.sender.name) {
            self.wrong(
                "sender.name",
                "found an empty text, expected the name that mails come from",
            );
        }
        if file.context_words.iter().any(|word| is_blank(word)) {
            self.wrong(
                "context_words",
                "found an empty word, expected words that no password may be made of",
            );
        }
    }
}

/// Every text that must be there, under its key.
fn texts(file: &PortalFile) -> Vec<(String, &Localized)> {
    let change = &file.password_change;
    let mut texts: Vec<(String, &Localized)> = [
        ("title", &file.title),
        ("support.name", &file.support.name),
        ("sign_in.heading", &file.sign_in.heading),
        ("password_change.heading", &change.heading),
        ("password_change.submit", &change.submit),
        ("services_title", &file.services_title),
    ]
    .map(|(key, text)| (key.to_owned(), text))
    .into();
    // A portal may go without a tagline, but not in one language only.
    if !is_blank(&file.tagline.fr) {
        texts.push(("tagline".to_owned(), &file.tagline));
    }
    for (number, way) in file.sign_in.ways.iter().enumerate() {
        texts.push((format!("sign_in.ways.{number}.label"), &way.label));
        texts.push((format!("sign_in.ways.{number}.submit"), &way.submit));
        if let Some(intro) = &way.intro {
            texts.push((format!("sign_in.ways.{number}.intro"), intro));
        }
    }
    let recovery = &file.recovery;
    for (key, screen) in [
        (
            "password.screen",
            recovery.password.as_ref().map(|password| &password.screen),
        ),
        ("identifier", recovery.identifier.as_ref()),
        ("first_connection", recovery.first_connection.as_ref()),
        ("account_request", recovery.account_request.as_ref()),
    ] {
        texts.extend(screen.into_iter().flat_map(|screen| of_screen(key, screen)));
    }
    for (number, service) in file.services.iter().enumerate() {
        texts.push((format!("services.{number}.name"), &service.name));
        texts.push((format!("services.{number}.words"), &service.words));
    }
    for (number, place) in file.places.iter().enumerate() {
        texts.push((format!("places.{number}.name"), &place.name));
    }
    for (slug, page) in &file.pages {
        texts.push((format!("pages.{slug}.title"), &page.title));
        texts.push((format!("pages.{slug}.text"), &page.text));
    }
    texts
}

fn of_screen<'a>(key: &str, screen: &'a RecoveryScreenFile) -> [(String, &'a Localized); 4] {
    [
        ("link", &screen.link),
        ("heading", &screen.heading),
        ("intro", &screen.intro),
        ("submit", &screen.submit),
    ]
    .map(|(name, text)| (format!("recovery.{key}.{name}"), text))
}

/// Whether nobody would see anything of it.
fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|character| character.is_whitespace() || character.is_control() || is_invisible(character))
}
