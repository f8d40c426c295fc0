use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::support::{App, Browser, PASSWORD};

on_each_database!(
    a_program_that_can_serve_says_so,
    without_its_database_the_program_lives_but_is_not_ready,
    a_database_that_fails_is_told_to_the_log_and_not_to_the_browser,
);

async fn a_program_that_can_serve_says_so(database: TestDatabase) {
    let app = App::start(database).await;
    for host in ["paca.example", "probe.internal"] {
        let browser = Browser::new(&app, host);
        for path in [paths::HEALTH_LIVE, paths::HEALTH_READY] {
            assert_eq!(browser.get(path).await.ok::<Value>(), json!({ "status": "up" }));
        }
    }
}

/// As if somebody had taken the tables away.
async fn break_database(app: &App) {
    let renamed = app
        .database
        .run_by_hand("ALTER TABLE accounts RENAME TO gone")
        .await;
    renamed.unwrap();
}

async fn without_its_database_the_program_lives_but_is_not_ready(database: TestDatabase) {
    let app = App::start(database).await;
    break_database(&app).await;
    let browser = app.browser("paca");
    browser
        .get(paths::HEALTH_READY)
        .await
        .refused(503, ErrorCode::NotReady);
    assert_eq!(browser.get(paths::HEALTH_LIVE).await.status, 200);
    assert_eq!(browser.get("/").await.status, 200, "the page needs no database");
    let mended = app
        .database
        .run_by_hand("ALTER TABLE gone RENAME TO accounts")
        .await;
    mended.unwrap();
    assert_eq!(
        browser.get(paths::HEALTH_READY).await.status,
        200,
        "and recovers by itself"
    );
}

async fn a_database_that_fails_is_told_to_the_log_and_not_to_the_browser(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    break_database(&app).await;
    for answer in [
        browser.get(paths::ACCOUNT).await,
        browser.sign_in("jeanne.lefevre", PASSWORD).await,
    ] {
        answer.refused(500, ErrorCode::Internal);
        for word in ["accounts", "SELECT", "table", "relation"] {
            assert!(!answer.text().contains(word), "{}", answer.text());
        }
    }
}
