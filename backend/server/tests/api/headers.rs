use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Answer, App, Browser, PASSWORD};

on_each_database!(
    the_headers_that_protect_stand_on_every_answer,
    only_what_is_served_over_tls_asks_for_tls_for_ever,
    the_api_is_never_kept,
    each_answer_bears_another_id,
);

const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Answers of every kind: good, refused, a page, a redirect, nothing there.
async fn answers(browser: &Browser<'_>) -> Vec<(&'static str, Answer)> {
    let mut answers = Vec::new();
    for path in [
        paths::SESSION,
        paths::PORTAL,
        paths::OPENAPI,
        paths::HEALTH_LIVE,
        paths::HEALTH_READY,
        paths::ACCOUNT,
        "/api/pages/contacts",
        "/api/nothing",
        "/",
        "/sign-in",
        "/account/password",
        "/nothing.js",
        "/.well-known/change-password",
        "/.well-known/security.txt",
    ] {
        answers.push((path, browser.get(path).await));
    }
    answers.push(("wrong", browser.sign_in("nobody", "wrong").await));
    answers.push(("right", browser.sign_in("jeanne", PASSWORD).await));
    answers.push((
        "method",
        browser.put(paths::SESSION, &serde_json::Value::Null).await,
    ));
    answers.push(("sign-out", browser.sign_out().await));
    answers.push((
        "host",
        Browser::new(browser.app(), "unknown.example").get("/").await,
    ));
    answers
}

async fn the_headers_that_protect_stand_on_every_answer(database: TestDatabase) {
    let app = App::start(database).await;
    app.create("paca", "jeanne").await;
    let browser = app.browser("paca");
    for (what, answer) in answers(&browser).await {
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), value, "{what}: {name}");
            assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{what}: {name}");
        }
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{what}"
        );
        assert!(
            answer.header("permissions-policy").contains("geolocation=()"),
            "{what}"
        );
        assert_eq!(answer.headers.get("server"), None, "{what}");
    }
}

async fn only_what_is_served_over_tls_asks_for_tls_for_ever(database: TestDatabase) {
    let app = App::start(database).await;
    for (what, answer) in answers(&app.browser("paca")).await {
        let expected = if what == "host" {
            ""
        } else {
            "max-age=63072000; includeSubDomains"
        };
        assert_eq!(answer.header("strict-transport-security"), expected, "{what}");
    }
    for (what, answer) in answers(&app.browser("neutral")).await {
        assert_eq!(answer.header("strict-transport-security"), "", "{what}");
    }
}

async fn the_api_is_never_kept(database: TestDatabase) {
    let app = App::start(database).await;
    app.create("paca", "jeanne").await;
    for (what, answer) in answers(&app.browser("paca")).await {
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

async fn each_answer_bears_another_id(database: TestDatabase) {
    let app = App::start(database).await;
    let mut ids: Vec<String> = answers(&app.browser("paca"))
        .await
        .iter()
        .map(|(_, answer)| answer.header("x-request-id").to_owned())
        .collect();
    assert!(ids.iter().all(|id| id.len() == 16));
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}
