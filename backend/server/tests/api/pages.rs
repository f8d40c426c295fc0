//! The page that stands before the client runs, and the client's files.

use std::collections::BTreeSet;
use std::io::Read as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use portique_shared::api::front::FrontView;
use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use sha2::{Digest, Sha256};

use crate::support::{Answer, App, Browser, Installation};

on_each_database!(
    every_screen_is_the_portals_page_and_is_never_kept,
    the_page_speaks_the_language_chosen_or_else_the_browsers,
    the_policy_allows_what_stands_in_the_page_and_nothing_else,
    the_page_holds_the_portals_view,
    the_sign_in_page_leads_on_who_stands_locked_out_before_the_client_runs,
    the_page_travels_compressed,
    the_clients_files_are_kept_for_ever_under_names_that_change,
    password_managers_find_the_change_of_password,
    who_found_a_hole_finds_whom_to_tell,
);

const SCREENS: [&str; 13] = [
    "/",
    "/sign-in",
    "/account",
    "/account/password",
    "/account/password/changed",
    "/password/lost",
    "/password/new",
    "/identifier/lost",
    "/first-connection",
    "/account-request",
    "/account-request/confirm",
    "/pages/legal-notice",
    "/no-such-screen",
];

async fn page(browser: &Browser<'_>, path: &str, headers: &[(&'static str, &'static str)]) -> Answer {
    let request = browser.request(Method::GET, path);
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = browser.send(request).await;
    assert_eq!(answer.status, 200, "{path}");
    answer
}

async fn every_screen_is_the_portals_page_and_is_never_kept(database: TestDatabase) {
    let app = App::start(database).await;
    for preset in Installation::PRESETS {
        let browser = app.browser(preset);
        let portal: PortalView = browser.get(paths::PORTAL).await.ok();
        let title = serde_json::to_string(&portal.title).unwrap();
        for path in SCREENS {
            let answer = page(&browser, path, &[]).await;
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(
                answer.text().starts_with("<!doctype html>"),
                "{}",
                &answer.text()[..40]
            );
            assert!(portal_of(&answer).contains(&title), "{preset} {path}");
        }
        let head = browser.send(browser.request(Method::HEAD, "/")).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
    }
}

async fn the_page_speaks_the_language_chosen_or_else_the_browsers(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for (headers, language) in [
        (&[][..], "fr"),
        (&[("accept-language", "en-GB,en;q=0.9,fr;q=0.8")][..], "en"),
        (
            &[("accept-language", "de-DE,de;q=0.9,fr;q=0.8,en;q=0.5")][..],
            "fr",
        ),
        (&[("accept-language", "zh")][..], "fr"),
        (&[("cookie", "lang=en")][..], "en"),
        (
            &[("cookie", "other=1; lang=fr"), ("accept-language", "en")][..],
            "fr",
        ),
        (&[("cookie", "lang=xx"), ("accept-language", "en")][..], "en"),
    ] {
        let answer = page(&browser, "/", headers).await;
        let tag = format!("lang=\"{language}\"");
        assert!(answer.text().contains(&tag), "{headers:?}");
        let vary = answer.header("vary");
        assert!(
            vary.contains("accept-language") && vary.contains("cookie"),
            "{vary}"
        );
    }
}

/// Attributes and text of each element of that name.
fn elements<'a>(html: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    html.split(&open)
        .skip(1)
        .filter_map(|rest| {
            let (attributes, rest) = rest.split_once('>')?;
            Some((attributes, rest.split_once(&close)?.0))
        })
        .collect()
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn sources<'a>(policy: &'a str, directive: &str) -> BTreeSet<&'a str> {
    let mut directives = policy.split(';').map(str::trim);
    let found = directives.find_map(|text| text.strip_prefix(directive)?.strip_prefix(' '));
    found.unwrap_or_default().split(' ').collect()
}

async fn the_policy_allows_what_stands_in_the_page_and_nothing_else(database: TestDatabase) {
    let app = App::start(database).await;
    for preset in Installation::PRESETS {
        for path in SCREENS {
            for language in ["fr", "en"] {
                let answer = page(&app.browser(preset), path, &[("accept-language", language)]).await;
                let (html, policy) = (answer.text(), answer.header("content-security-policy"));
                let scripts = elements(html, "script").into_iter();
                let run = scripts.filter(|(attributes, text)| {
                    !attributes.contains("application/json")
                        && !attributes.contains("src=")
                        && !text.is_empty()
                });
                let mut expected: BTreeSet<String> = run.map(|(_, text)| hash(text)).collect();
                expected.extend(["'self'".to_owned(), "'wasm-unsafe-eval'".to_owned()]);
                assert_eq!(
                    sources(policy, "script-src"),
                    expected.iter().map(String::as_str).collect()
                );
                let styles = elements(html, "style").into_iter();
                let mut expected: BTreeSet<String> = styles.map(|(_, text)| hash(text)).collect();
                expected.insert("'self'".to_owned());
                assert_eq!(
                    sources(policy, "style-src"),
                    expected.iter().map(String::as_str).collect()
                );
                for part in ["connect-src 'self'", "form-action 'self'", "object-src 'none'"] {
                    assert!(policy.contains(part), "{policy}");
                }
                for forbidden in [" style=\"", " onload=", " onclick=", " onerror=", "javascript:"] {
                    assert!(!html.contains(forbidden), "{preset} {path}: {forbidden}");
                }
            }
        }
    }
}

/// The portal as the page holds it, in JSON.
fn portal_of(answer: &Answer) -> String {
    let scripts = elements(answer.text(), "script");
    let block = scripts
        .into_iter()
        .find(|(attributes, _)| attributes.contains("id=\"portal\""));
    let (attributes, text) = block.unwrap();
    assert!(attributes.contains("application/json"));
    text.to_owned()
}

async fn the_page_holds_the_portals_view(database: TestDatabase) {
    let app = App::start(database).await;
    for preset in Installation::PRESETS {
        let browser = app.browser(preset);
        let portal: PortalView = browser.get(paths::PORTAL).await.ok();
        // The sign-in page, whose first load has a budget, holds no more than it reads.
        let answer = page(&browser, "/", &[]).await;
        let front: FrontView = serde_json::from_str(&portal_of(&answer)).unwrap();
        assert_eq!(front, FrontView::from(&portal));
        assert!(!portal_of(&answer).contains("password_policy"));
        let other = page(&browser, "/password/lost", &[]).await;
        let whole: PortalView = serde_json::from_str(&portal_of(&other)).unwrap();
        assert_eq!(whole, portal);
        for shown in [
            &portal.support.email,
            &portal.support.phone_link,
            &portal.title.fr,
        ] {
            assert!(answer.text().contains(shown.as_str()), "{preset}: {shown}");
        }
    }
}

async fn the_sign_in_page_leads_on_who_stands_locked_out_before_the_client_runs(database: TestDatabase) {
    let app = App::start(database).await;
    for (preset, links) in [
        (
            "neutral",
            &["/password/lost", "/sign-in/passkey", "/first-connection"][..],
        ),
        ("paca", &["/password/lost", "/sign-in/passkey"][..]),
        ("normandie", &["/password/lost", "/sign-in/passkey"][..]),
        (
            "aura",
            &[
                "/password/lost",
                "/sign-in/passkey",
                "/first-connection",
                "/account-request",
            ][..],
        ),
    ] {
        let browser = app.browser(preset);
        let sign_in = page(&browser, "/sign-in", &[]).await;
        let found: Vec<&str> = elements(sign_in.text(), "a")
            .into_iter()
            .filter(|(attributes, _)| attributes.contains("class=\"aside\""))
            .filter_map(|(attributes, _)| attributes.split("href=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(found, links, "{preset}");
        let elsewhere = page(&browser, "/password/lost", &[]).await;
        assert!(!elsewhere.text().contains("class=\"aside\""), "{preset}");
    }
}

async fn the_page_travels_compressed(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let plain = page(&browser, "/", &[]).await;
    assert_eq!(plain.header("content-encoding"), "");
    let brotli = page(&browser, "/", &[("accept-encoding", "gzip, deflate, br, zstd")]).await;
    assert_eq!(brotli.header("content-encoding"), "br");
    let mut text = String::new();
    brotli::Decompressor::new(brotli.body.as_slice(), 4096)
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    let gzip = page(&browser, "/", &[("accept-encoding", "gzip")]).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(gzip.body.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, plain.text());
    assert!(brotli.body.len() < plain.body.len() / 2);
}

/// Endings of the client's files, and their media types.
const KINDS: [(&str, &str); 3] = [
    ("js", "text/javascript; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("css", "text/css; charset=utf-8"),
];

/// The media type of one of the client's files, by its name.
fn kind(file: &str) -> Option<&'static str> {
    let (_, ending) = file.rsplit_once('.')?;
    KINDS
        .iter()
        .find_map(|(known, kind)| (*known == ending).then_some(*kind))
}

/// The client's files that the page names. None, where the server was built without the client.
fn files(html: &str) -> BTreeSet<&str> {
    let named = html.split(['"', '\'']).filter(|text| text.starts_with('/'));
    named.filter(|file| kind(file).is_some()).collect()
}

async fn the_clients_files_are_kept_for_ever_under_names_that_change(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for path in ["/", "/account"] {
        let html = page(&browser, path, &[]).await;
        let built = !html.text().contains("built without the client");
        assert_eq!(built, !files(html.text()).is_empty());
        for file in files(html.text()) {
            let answer = page(&browser, file, &[("accept-encoding", "br")]).await;
            assert_eq!(
                answer.header("cache-control"),
                "public, max-age=31536000, immutable",
                "{file}"
            );
            assert_eq!(answer.header("content-encoding"), "br", "{file}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(Some(answer.header("content-type")), kind(file));
            let tag = answer.header("etag").to_owned();
            let again = browser.request(Method::GET, file).header("if-none-match", tag);
            let again = browser.send(again).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{file}");
        }
    }
}

async fn password_managers_find_the_change_of_password(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let answer = browser.get("/.well-known/change-password").await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), "/account/password");
    let unlikely = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    browser.get(unlikely).await.refused(404, ErrorCode::NotFound);
}

async fn who_found_a_hole_finds_whom_to_tell(database: TestDatabase) {
    let app = App::start(database).await;
    let answer = app.browser("paca").get("/.well-known/security.txt").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let lines: Vec<&str> = answer.text().lines().collect();
    assert!(lines.contains(&"Contact: mailto:ror@ies-sud.fr"), "{lines:?}");
    assert!(lines.contains(&"Expires: 2026-07-04T08:00:00Z"), "{lines:?}");
    assert!(lines.contains(&"Canonical: https://paca.example/.well-known/security.txt"));
}
