//! What holds for every request: its body, where it comes from, the host it asks.

use portique_shared::api::paths;
use portique_shared::api::portal::PortalView;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Browser, Installation, PASSWORD};

on_each_database!(
    a_body_that_is_no_json_is_refused_whatever_it_is,
    a_body_with_a_field_too_many_or_too_few_is_refused,
    a_body_without_jsons_media_type_is_refused,
    a_body_larger_than_any_form_is_refused,
    another_sites_request_is_refused,
    an_unknown_host_is_told_so,
    an_unknown_host_gets_the_default_portal_where_there_is_one,
    each_host_has_its_portal,
    what_does_not_exist_is_told_so,
    a_method_that_a_path_does_not_take_is_told_so,
);

async fn post_text(browser: &Browser<'_>, media_type: Option<&str>, body: &str) -> Answer {
    let mut request = browser
        .request(Method::POST, paths::SESSION)
        .body(body.to_owned());
    if let Some(media_type) = media_type {
        request = request.header("content-type", media_type);
    }
    browser.send(request).await
}

fn right() -> String {
    json!({ "identifier": "jeanne.lefevre", "password": PASSWORD }).to_string()
}

async fn a_body_that_is_no_json_is_refused_whatever_it_is(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for body in [
        "",
        "{",
        "null",
        "[]",
        "\"jeanne\"",
        "{\"identifier\":\"jeanne\",\"password\":12}",
        "{\"identifier\":null,\"password\":\"x\"}",
        "identifier=jeanne&password=x",
        "{\"identifier\":\"a\",\"password\":\"b\"} and more",
    ] {
        let answer = post_text(&browser, Some("application/json"), body).await;
        let problem = answer.refused(400, ErrorCode::InvalidRequest);
        assert!(problem.fields.is_empty());
    }
    let request = browser.request(Method::POST, paths::SESSION);
    let not_utf8 = request
        .header("content-type", "application/json")
        .body(b"\xff\xfe".to_vec());
    browser
        .send(not_utf8)
        .await
        .refused(400, ErrorCode::InvalidRequest);
}

async fn a_body_with_a_field_too_many_or_too_few_is_refused(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for body in [
        json!({ "identifier": "jeanne.lefevre", "password": PASSWORD, "privileged": true }),
        json!({ "identifier": "jeanne.lefevre" }),
        json!({}),
    ] {
        let answer = browser.post(paths::SESSION, &body).await;
        answer.refused(400, ErrorCode::InvalidRequest);
    }
    let twice =
        format!("{{\"identifier\":\"a\",\"identifier\":\"jeanne.lefevre\",\"password\":\"{PASSWORD}\"}}");
    let answer = post_text(&browser, Some("application/json"), &twice).await;
    answer.refused(400, ErrorCode::InvalidRequest);
}

async fn a_body_without_jsons_media_type_is_refused(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for media_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("text/json"),
        Some("application/jsonp"),
    ] {
        let answer = post_text(&browser, media_type, &right()).await;
        answer.refused(415, ErrorCode::UnsupportedMediaType);
    }
    for media_type in ["application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(post_text(&browser, Some(media_type), &right()).await.status, 200);
    }
}

async fn a_body_larger_than_any_form_is_refused(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let large = format!("{}{}", right(), " ".repeat(32 * 1024));
    let answer = post_text(&browser, Some("application/json"), &large).await;
    answer.refused(413, ErrorCode::PayloadTooLarge);
    let length_unsaid = format!(
        "POST /api/session HTTP/1.1\r\nhost: paca.example\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
        large.len()
    );
    let answer = app.spoken_by_hand(&length_unsaid).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let padded = format!("{}{}", right(), " ".repeat(30 * 1024));
    let answer = post_text(&browser, Some("application/json"), &padded).await;
    answer.refused(401, ErrorCode::CredentialsRefused);
}

async fn another_sites_request_is_refused(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let from = |name: &'static str, value: &'static str| {
        browser
            .request(Method::POST, paths::SESSION)
            .header(name, value)
            .header("content-type", "application/json")
            .body(right())
    };
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "https://aura.example"),
        ("origin", "http://paca.example"),
        ("origin", "null"),
        ("origin", "https://paca.example.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ] {
        let answer = browser.send(from(name, value)).await;
        answer.refused(403, ErrorCode::CrossSiteRefused);
    }
    assert!(app.trail().await.is_empty(), "no try was made");
    for (name, value) in [
        ("origin", "https://paca.example"),
        ("sec-fetch-site", "same-origin"),
    ] {
        assert_eq!(browser.send(from(name, value)).await.status, 200);
    }
    for (method, path) in [
        (Method::DELETE, paths::SESSION),
        (Method::POST, paths::SESSION_EXTENSION),
        (Method::PUT, paths::PASSWORD),
        (Method::POST, paths::PASSWORD_CHECK),
    ] {
        let request = browser
            .request(method, path)
            .header("sec-fetch-site", "cross-site");
        browser
            .send(request)
            .await
            .refused(403, ErrorCode::CrossSiteRefused);
    }
    assert!(browser.is_signed_in().await, "the session did not end");
    let link = browser
        .request(Method::GET, "/")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        browser.send(link).await.status,
        200,
        "a link from elsewhere leads here"
    );
}

async fn an_unknown_host_is_told_so(database: TestDatabase) {
    let app = App::start(database).await;
    for host in ["evil.example", "paca.example.evil.example", "127.0.0.1", ""] {
        let browser = Browser::new(&app, host);
        for path in [
            paths::SESSION,
            paths::PORTAL,
            paths::ACCOUNT,
            paths::SERVICES,
            "/api/pages/contacts",
            "/",
            "/sign-in",
            "/.well-known/security.txt",
        ] {
            browser.get(path).await.refused(421, ErrorCode::UnknownPortal);
        }
        browser
            .sign_in("jeanne", PASSWORD)
            .await
            .refused(421, ErrorCode::UnknownPortal);
        assert_eq!(
            browser.get(paths::HEALTH_LIVE).await.status,
            200,
            "probes know no host"
        );
    }
}

async fn an_unknown_host_gets_the_default_portal_where_there_is_one(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let with_default = format!(
        "default_portal = \"aura\"\n{}",
        std::fs::read_to_string(installation.file()).unwrap()
    );
    installation.write("portique.toml", &with_default);
    let app = App::start_from(database, installation, false).await;
    let portal = Browser::new(&app, "unknown.example").get(paths::PORTAL).await;
    assert_eq!(portal.ok::<PortalView>().name, "aura");
    let portal = app.browser("paca").get(paths::PORTAL).await;
    assert_eq!(portal.ok::<PortalView>().name, "paca");
}

async fn each_host_has_its_portal(database: TestDatabase) {
    let app = App::start(database).await;
    for (host, name) in [
        ("paca.example", "paca"),
        ("PACA.Example", "paca"),
        ("paca.example:8443", "paca"),
        ("paca.example.", "paca"),
        ("normandie.example", "normandie"),
        ("aura.example", "aura"),
        ("localhost:8080", "neutral"),
    ] {
        let answer = Browser::new(&app, host).get(paths::PORTAL).await;
        assert_eq!(answer.ok::<PortalView>().name, name, "{host}");
    }
}

async fn what_does_not_exist_is_told_so(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for path in [
        "/api",
        "/api/",
        "/api/x",
        "/api/session/x",
        "/api/openapi",
        "/api/pages",
        "/api/pages/nothing",
        "/api/pages/%2e%2e",
        "/favicon.gif",
        "/client-0123456789abcdef.js",
        "/.well-known/nothing",
        "/.well-known/",
        "/demo/messages",
    ] {
        browser.get(path).await.refused(404, ErrorCode::NotFound);
    }
    let posted = browser.post("/api/x", &json!({})).await;
    posted.refused(404, ErrorCode::NotFound);
}

async fn a_method_that_a_path_does_not_take_is_told_so(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for (method, path) in [
        (Method::PUT, paths::SESSION),
        (Method::GET, paths::SESSION_EXTENSION),
        (Method::POST, paths::ACCOUNT),
        (Method::POST, paths::PASSWORD),
        (Method::GET, paths::PASSWORD_CHECK),
        (Method::DELETE, paths::PORTAL),
        (Method::POST, paths::OPENAPI),
        (Method::POST, paths::HEALTH_LIVE),
        (Method::PATCH, "/api/pages/contacts"),
        (Method::POST, "/"),
        (Method::PUT, "/sign-in"),
        (Method::OPTIONS, paths::SESSION),
    ] {
        let answer = browser.send(browser.request(method.clone(), path)).await;
        answer.refused(405, ErrorCode::MethodNotAllowed);
        if path.starts_with("/api") {
            assert!(!answer.header("allow").is_empty(), "{method} {path}");
        }
    }
}
