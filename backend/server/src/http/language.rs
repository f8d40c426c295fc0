//! The language of the page that asks.

use core::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use portique_shared::Language;

use super::cookie;

/// The language chosen on the page, else the first that the browser asks for and Portique speaks, else French.
pub struct PageLanguage(pub Language);

impl<S: Sync> FromRequestParts<S> for PageLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(language_of(&parts.headers)))
    }
}

/// The same for what is no handler.
pub fn language_of(headers: &HeaderMap) -> Language {
    let chosen = cookie::read(headers, cookie::LANGUAGE_NAME).and_then(Language::from_tag);
    let accepted = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    chosen.or_else(|| first_spoken(accepted)).unwrap_or_default()
}

/// Browsers write the languages in the order of preference; the weights only repeat it.
fn first_spoken(accepted: &str) -> Option<Language> {
    accepted
        .split(',')
        .find_map(|part| Language::from_tag(part.split(';').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_portique_speaks_is_chosen() {
        assert_eq!(first_spoken("de-DE,en;q=0.8,fr;q=0.5"), Some(Language::En));
        assert_eq!(first_spoken("fr-FR,fr;q=0.9,en;q=0.8"), Some(Language::Fr));
        assert_eq!(first_spoken("de"), None);
    }
}
