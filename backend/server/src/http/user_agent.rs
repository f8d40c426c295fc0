//! What a browser calls itself, in the few words that its owner knows it by.
//!
//! A table of our own: the libraries for it bring thousands of regular expressions to tell apart what nobody here asks for,
//! and browsers have frozen most of what could be read.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use portique_domain::browser::{Browser, BrowserFamily, System};

/// As far as it is read, in bytes: browsers write some 120.
const LONGEST: usize = 512;

/// The first that stands there is it: browsers name those that they wish to be taken for too, Chrome after Safari's engine,
/// and the others after Chrome.
const FAMILIES: [(&str, BrowserFamily); 14] = [
    ("Edg/", BrowserFamily::Edge),
    ("EdgA/", BrowserFamily::Edge),
    ("EdgiOS/", BrowserFamily::Edge),
    ("OPR/", BrowserFamily::Opera),
    ("OPT/", BrowserFamily::Opera),
    ("OPX/", BrowserFamily::Opera),
    ("SamsungBrowser/", BrowserFamily::SamsungInternet),
    ("Firefox/", BrowserFamily::Firefox),
    ("FxiOS/", BrowserFamily::Firefox),
    ("CriOS/", BrowserFamily::Chrome),
    ("Chromium/", BrowserFamily::Chrome),
    ("HeadlessChrome/", BrowserFamily::Chrome),
    ("Chrome/", BrowserFamily::Chrome),
    // Safari itself says `Version/… Safari/…`; the applications' windows on Apple's engine leave `Safari/` out.
    ("Safari/", BrowserFamily::Safari),
];

/// The same: a telephone on Android says that it is on Linux too, one of Apple's that it is like a Mac.
const SYSTEMS: [(&str, System); 9] = [
    ("Windows", System::Windows),
    ("Android", System::Android),
    ("iPhone", System::Ios),
    ("iPad", System::Ios),
    ("iPod", System::Ios),
    ("CrOS", System::ChromeOs),
    ("Macintosh", System::MacOs),
    ("Linux", System::Linux),
    ("X11", System::Linux),
];

/// The browser of who sent these headers.
pub fn browser(headers: &HeaderMap) -> Browser {
    let said = headers.get(USER_AGENT).map(axum::http::HeaderValue::as_bytes);
    let said = said.unwrap_or_default();
    parse(&String::from_utf8_lossy(&said[..said.len().min(LONGEST)]))
}

fn parse(text: &str) -> Browser {
    // Programs that are no browsers name themselves alone; those that read pages for others say so.
    if !text.starts_with("Mozilla/5.0 (") || text.contains("compatible;") {
        return Browser::default();
    }
    let family = FAMILIES.iter().find(|(word, _)| text.contains(word));
    let system = SYSTEMS.iter().find(|(word, _)| text.contains(word));
    Browser {
        family: family.map(|(_, family)| *family),
        system: system.map(|(_, system)| *system),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn told(text: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_str(text).unwrap());
        let Browser { family, system } = browser(&headers);
        let family = family.map_or("-", BrowserFamily::name);
        format!("{family}, {}", system.map_or("-", System::name))
    }

    #[test]
    fn the_browsers_of_hospitals_and_telephones_are_known() {
        let engine = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";
        for (text, expected) in [
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {engine} Safari/537.36 Edg/140.0.0.0"),
                "Edge, Windows",
            ),
            (
                format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {engine} Safari/537.36"),
                "Chrome, macOS",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 10; K) {engine} Mobile Safari/537.36"),
                "Chrome, Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 \
                 Chrome/130.0.0.0 Mobile Safari/537.36"
                    .to_owned(),
                "Samsung Internet, Android",
            ),
            (
                format!("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {engine} Safari/537.36"),
                "Chrome, ChromeOS",
            ),
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                "Firefox, Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.6 Mobile/15E148 Safari/604.1"
                    .to_owned(),
                "Safari, iOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1"
                    .to_owned(),
                "Chrome, iOS",
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {engine} Safari/537.36 OPR/120.0.0.0"),
                "Opera, Windows",
            ),
        ] {
            assert_eq!(told(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_browser_that_we_know_is_unknown() {
        for text in [
            "",
            "curl/8.14.1",
            "Firefox/140.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bot/1) Chrome/140.0.0.0 Safari/537.36",
        ] {
            assert_eq!(told(text), "-, -", "{text}");
        }
        assert_eq!(browser(&HeaderMap::new()), Browser::default());
        assert_eq!(told("Mozilla/5.0 (Plan 9) Tortue/1"), "-, -");
    }

    #[test]
    fn what_goes_on_for_ever_is_read_to_its_bound() {
        let long = format!("Mozilla/5.0 (X11{} Firefox/140.0", " ".repeat(LONGEST));
        assert_eq!(told(&long), "-, Linux");
    }
}
