use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::recovery::mails;
use crate::support::{Answer, App, eventually};

on_each_database!(
    one_subject_is_asked_for_six_times_a_day_whether_it_exists_or_not,
    one_mailbox_gets_five_mails_a_day_whatever_is_asked_for,
    asking_stops_no_session_and_locks_no_account,
    a_captcha_is_asked_for_before_anything_is_counted,
);

async fn ask(app: &App, path: &str, subject: &str) -> Answer {
    app.browser("paca")
        .post(path, &json!({ "subject": subject }))
        .await
}

async fn one_subject_is_asked_for_six_times_a_day_whether_it_exists_or_not(database: TestDatabase) {
    let app = App::demo(database).await;
    for _ in 0..6 {
        for subject in ["praticien@demo.example", "personne@demo.example"] {
            assert_eq!(ask(&app, paths::RECOVERY_PASSWORD, subject).await.status, 202);
        }
    }
    let somebody = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    somebody.refused(429, ErrorCode::TooManyRequests);
    let nobody = ask(&app, paths::RECOVERY_PASSWORD, "personne@demo.example").await;
    assert_eq!(somebody.without_id(), nobody.without_id());
    let other = ask(&app, paths::RECOVERY_PASSWORD, "mobile@demo.example").await;
    assert_eq!(other.status, 202);
    app.wait_minutes(24 * 60);
    let tomorrow = ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    assert_eq!(tomorrow.status, 202);
}

async fn one_mailbox_gets_five_mails_a_day_whatever_is_asked_for(database: TestDatabase) {
    let app = App::demo(database).await;
    for path in [paths::RECOVERY_PASSWORD, paths::RECOVERY_IDENTIFIER] {
        for _ in 0..4 {
            assert_eq!(ask(&app, path, "praticien@demo.example").await.status, 202);
        }
    }
    let answered = eventually("eight lookups", async || {
        let results = app.results_of("help_answered").await;
        (results.len() == 8).then_some(results)
    })
    .await;
    let over = answered.iter().filter(|result| *result == "over_quota").count();
    assert_eq!(over, 3, "{answered:?}");
    assert_eq!(mails(&app, "praticien@demo.example", 5).await.len(), 5);
}

async fn asking_stops_no_session_and_locks_no_account(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    browser.sign_in("praticien", "Portique#2026").await.signed_in();
    for _ in 0..7 {
        ask(&app, paths::RECOVERY_PASSWORD, "praticien@demo.example").await;
    }
    mails(&app, "praticien@demo.example", 5).await;
    assert!(browser.is_signed_in().await);
    let fresh = app.browser("paca");
    fresh.sign_in("praticien", "Portique#2026").await.signed_in();
}

async fn a_captcha_is_asked_for_before_anything_is_counted(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    for _ in 0..8 {
        let body = json!({ "subject": "praticien" });
        let answer = browser.post(paths::RECOVERY_PASSWORD, &body).await;
        let problem = answer.refused(422, ErrorCode::ValidationFailed);
        assert_eq!(problem.fields[0].field, "captcha");
    }
    let body = json!({ "subject": "praticien", "captcha": browser.proof().await });
    assert_eq!(browser.post(paths::RECOVERY_PASSWORD, &body).await.status, 202);
}
