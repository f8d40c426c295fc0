use std::collections::BTreeSet;

use portique_shared::api::paths;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use crate::own_sessions::own_path;
use crate::remembered_browsers::path_of_one;
use crate::support::{App, Installation, NEW_PASSWORD, PASSWORD, cards};

on_each_database!(
    every_path_that_the_client_knows_is_described,
    whatever_is_described_is_there_and_answers_as_described,
    every_refusal_is_described_as_a_problem,
    what_wants_a_session_says_so_and_nothing_else_does,
    headers_that_a_program_waits_for_are_described,
);

async fn description(app: &App) -> Value {
    let answer = app.browser("paca").get(paths::OPENAPI).await;
    answer.ok()
}

/// Each operation described: method, path, what is said of it.
fn operations(description: &Value) -> Vec<(Method, String, Value)> {
    let described = description["paths"].as_object().unwrap();
    described
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| {
                let method = method.to_uppercase().parse().unwrap();
                (method, path.clone(), operation.clone())
            })
        })
        .collect()
}

/// The path with something in the place of what names one of many.
fn with_names(path: &str) -> String {
    path.replace("{slug}", "contacts")
}

async fn every_path_that_the_client_knows_is_described(database: TestDatabase) {
    // Read from the source, so that a path added there is missed here.
    let source = include_str!("../../../../shared/src/api/mod.rs");
    let known: BTreeSet<&str> = source
        .split('"')
        .filter(|text| text.starts_with("/api/") && *text != paths::OPENAPI)
        .collect();
    assert!(known.contains(paths::SESSION) && known.len() >= 10, "{known:?}");
    let app = App::start(database).await;
    let description = description(&app).await;
    let described = description["paths"].as_object().unwrap();
    for path in known {
        // By itself, or followed by what names one of many.
        let one_of_many = format!("{path}/{{");
        let mut names = described.keys();
        assert!(
            names.any(|name| name == path || name.starts_with(&one_of_many)),
            "{path}"
        );
    }
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
}

async fn whatever_is_described_is_there_and_answers_as_described(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    cards::take_cards(&installation, "paca", "");
    let app = App::start_from(database, installation, false).await;
    let jeanne = app.jeanne().await;
    let description = description(&app).await;
    for (method, path, operation) in operations(&description) {
        let path = with_names(&path);
        for signed_in in [false, true] {
            let browser = app.browser("paca");
            let mut path = path.clone();
            if signed_in {
                browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
                if path.starts_with(paths::OWN_BROWSERS) && path.ends_with("/{id}") {
                    path = path_of_one(&app, &jeanne).await;
                } else if path.starts_with(paths::OWN_SESSIONS) && path.ends_with("/{id}") {
                    path = own_path(&browser).await;
                }
            }
            let path = path.replace("{id}", "00000000-0000-0000-0000-000000000000");
            let mut request = browser.request(method.clone(), &path);
            if operation.get("requestBody").is_some() {
                request = request.json(&json!({}));
            }
            let answer = browser.send(request).await;
            assert!(
                !matches!(answer.status, 404 | 405),
                "{method} {path}: {}",
                answer.status
            );
            let responses = operation["responses"].as_object().unwrap();
            let status = answer.status.to_string();
            assert!(
                responses.contains_key(&status),
                "{method} {path} answers {status}"
            );
            assert!(answer.status < 500);
        }
    }
}

async fn what_wants_a_session_says_so_and_nothing_else_does(database: TestDatabase) {
    let app = App::start(database).await;
    let description = description(&app).await;
    let schemes = &description["components"]["securitySchemes"];
    assert_eq!(schemes["session"]["in"], "cookie");
    assert_eq!(schemes["session"]["name"], "__Host-portique");
    assert_eq!(schemes["session_in_clear"]["name"], "portique");
    let both = json!([{ "session": [] }, { "session_in_clear": [] }]);
    let step = json!([{ "second_step": [] }, { "second_step_in_clear": [] }]);
    let perhaps = json!([{}, { "session": [] }, { "session_in_clear": [] }]);
    for (method, path, operation) in operations(&description) {
        let path = with_names(&path);
        let browser = app.browser("paca");
        let mut request = browser.request(method.clone(), &path);
        if operation.get("requestBody").is_some() {
            request = request.json(&json!({}));
        }
        let wants = browser.send(request).await.status == 401;
        let security = &operation["security"];
        if wants && path.starts_with(paths::SECOND_STEP) {
            assert_eq!(*security, step, "{method} {path}");
        } else if wants {
            assert_eq!(*security, both, "{method} {path}");
        } else {
            assert!(security.is_null() || *security == perhaps, "{method} {path}");
        }
    }
}

async fn headers_that_a_program_waits_for_are_described(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let description = description(&app).await;
    let browser = app.browser("paca");
    let wrong = || browser.change_password("jeanne.lefevre", "wrong", "Lézard!2042-gris");
    let mut answers = vec![
        (
            "post",
            paths::SESSION,
            browser.sign_in("jeanne.lefevre", PASSWORD).await,
        ),
        (
            "put",
            paths::PASSWORD,
            browser
                .change_password("jeanne.lefevre", PASSWORD, NEW_PASSWORD)
                .await,
        ),
    ];
    for _ in 0..5 {
        wrong().await;
    }
    answers.push(("put", paths::PASSWORD, wrong().await));
    answers.push((
        "post",
        paths::SESSION,
        browser.sign_in("jeanne.lefevre", PASSWORD).await,
    ));
    answers.push(("delete", paths::SESSION, browser.sign_out().await));
    let mut seen = BTreeSet::new();
    for (method, path, answer) in &answers {
        let described = &description["paths"][path][method]["responses"][answer.status.to_string()];
        for name in ["set-cookie", "retry-after", "clear-site-data"] {
            if answer.headers.contains_key(name) {
                seen.insert((name, answer.status));
                assert!(!described["headers"][name].is_null(), "{method} {path}: {name}");
            }
        }
    }
    let expected = [
        ("clear-site-data", 204),
        ("retry-after", 429),
        ("set-cookie", 200),
        ("set-cookie", 204),
    ];
    assert_eq!(seen, BTreeSet::from(expected));
}

async fn every_refusal_is_described_as_a_problem(database: TestDatabase) {
    let app = App::start(database).await;
    let description = description(&app).await;
    for (method, path, operation) in operations(&description) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let content = &response["content"];
            if status.starts_with('2') {
                assert!(content.get("application/problem+json").is_none());
            } else {
                let schema = &content["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
        }
        for status in ["405", "500"] {
            assert!(
                operation["responses"].get(status).is_some(),
                "{method} {path} {status}"
            );
        }
    }
    let codes = &description["components"]["schemas"]["ErrorCode"]["enum"];
    assert!(codes.as_array().unwrap().contains(&json!("credentials_refused")));
}
