use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Browser, NEW_PASSWORD, PASSWORD};

on_each_database!(
    a_right_answer_passes_once,
    a_wrong_answer_burns_its_picture,
    a_picture_lives_two_minutes,
    a_proof_passes_once_and_a_tampered_one_never,
    a_proof_will_do_where_a_picture_is_asked_for_and_not_the_other_way_round,
    of_fifty_answers_to_one_picture_at_one_instant_one_passes,
    of_fifty_uses_of_one_proof_at_one_instant_one_passes,
    whoever_clicks_blindly_is_made_to_wait,
    the_answer_leaves_the_server_in_no_form,
    normandies_first_change_of_password_asks_for_one,
    a_proof_of_one_portal_is_none_on_another,
    the_more_proofs_are_asked_for_the_harder_they_get,
);

async fn ask(browser: &Browser<'_>, captcha: &Value) -> Answer {
    let body = json!({ "subject": "a@example.org", "captcha": captcha });
    browser.post(paths::RECOVERY_IDENTIFIER, &body).await
}

fn is_refused(answer: &Answer) {
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "captcha");
    assert_eq!(problem.fields[0].reason, FieldReason::CaptchaRefused);
}

async fn a_right_answer_passes_once(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    let captcha = browser.solved_picture().await;
    assert_eq!(ask(&browser, &captcha).await.status, 202);
    is_refused(&ask(&browser, &captcha).await);
}

async fn a_wrong_answer_burns_its_picture(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    let mut captcha = browser.solved_picture().await;
    captcha["cell"] = json!(1);
    is_refused(&ask(&browser, &captcha).await);
    captcha["cell"] = json!(0);
    is_refused(&ask(&browser, &captcha).await);
}

async fn a_picture_lives_two_minutes(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    let captcha = browser.solved_picture().await;
    app.wait_minutes(2);
    is_refused(&ask(&browser, &captcha).await);
}

async fn a_proof_passes_once_and_a_tampered_one_never(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("aura");
    let proof = browser.proof().await;
    assert_eq!(ask(&browser, &proof).await.status, 202);
    is_refused(&ask(&browser, &proof).await);
    let mut tampered = browser.proof().await;
    let payload = tampered["payload"].as_str().unwrap().replacen('M', "N", 1);
    tampered["payload"] = json!(payload);
    is_refused(&ask(&browser, &tampered).await);
    let late = browser.proof().await;
    app.wait_minutes(2);
    is_refused(&ask(&browser, &late).await);
}

async fn a_proof_will_do_where_a_picture_is_asked_for_and_not_the_other_way_round(database: TestDatabase) {
    let app = App::start(database).await;
    let normandie = app.browser("normandie");
    let proof = normandie.proof().await;
    assert_eq!(ask(&normandie, &proof).await.status, 202);
    let aura = app.browser("aura");
    let picture = aura.solved_picture().await;
    is_refused(&ask(&aura, &picture).await);
}

async fn statuses(browser: &Browser<'_>, captcha: &Value) -> Vec<u16> {
    let body = json!({ "subject": "a@example.org", "captcha": captcha });
    browser
        .fifty_at_once(Method::POST, paths::RECOVERY_IDENTIFIER, &body)
        .await
}

async fn of_fifty_answers_to_one_picture_at_one_instant_one_passes(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    let captcha = browser.solved_picture().await;
    let statuses = statuses(&browser, &captcha).await;
    let passed = statuses.iter().filter(|status| **status == 202).count();
    assert_eq!(passed, 1, "{statuses:?}");
}

async fn of_fifty_uses_of_one_proof_at_one_instant_one_passes(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("aura");
    let proof = browser.proof().await;
    let statuses = statuses(&browser, &proof).await;
    let passed = statuses.iter().filter(|status| **status == 202).count();
    assert_eq!(passed, 1, "{statuses:?}");
}

async fn whoever_clicks_blindly_is_made_to_wait(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    for _ in 0..20 {
        let mut captcha = browser.solved_picture().await;
        captcha["cell"] = json!(1);
        is_refused(&ask(&browser, &captcha).await);
    }
    let captcha = browser.solved_picture().await;
    let answer = ask(&browser, &captcha).await;
    answer.refused(429, ErrorCode::TooManyRequests);
    app.wait_minutes(1);
    is_refused(&ask(&browser, &captcha).await);
    app.wait_minutes(2);
    let captcha = browser.solved_picture().await;
    assert_eq!(
        ask(&browser, &captcha).await.status,
        202,
        "a right one after the delay"
    );
}

async fn the_answer_leaves_the_server_in_no_form(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("normandie");
    let answer = browser.post(paths::CAPTCHA_PICTURE, &json!({})).await;
    let keys: Vec<String> = answer
        .json::<serde_json::Map<String, Value>>()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys, ["columns", "count", "expires_in", "id", "image"]);
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn normandies_first_change_of_password_asks_for_one(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("normandie", "anne").await;
    let browser = app.browser("normandie");
    browser.sign_in("anne", PASSWORD).await.signed_in();
    let change = |captcha: Option<Value>| {
        let mut body = json!({ "identifier": "anne", "current_password": PASSWORD,
            "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
        if let Some(captcha) = captcha {
            body["captcha"] = captcha;
        }
        body
    };
    is_refused(&browser.put(paths::PASSWORD, &change(None)).await);
    let captcha = browser.solved_picture().await;
    // What is judged before the captcha leaves its answer good; the current password is judged after it.
    let mut weak = change(Some(captcha.clone()));
    weak["new_password"] = json!("weak");
    let problem = browser.put(paths::PASSWORD, &weak).await;
    let problem = problem.refused(422, ErrorCode::ValidationFailed);
    let after = |reason: &FieldReason| reason.is_judged_after_the_captcha();
    assert!(
        !problem.fields.iter().any(|field| after(&field.reason)),
        "{problem:?}"
    );
    let mut wrong = change(Some(captcha.clone()));
    wrong["current_password"] = json!("wrong");
    let problem = browser.put(paths::PASSWORD, &wrong).await;
    let problem = problem.refused(422, ErrorCode::ValidationFailed);
    assert!(after(&problem.fields[0].reason), "{problem:?}");
    is_refused(&browser.put(paths::PASSWORD, &change(Some(captcha))).await);
    let captcha = browser.solved_picture().await;
    browser
        .put(paths::PASSWORD, &change(Some(captcha)))
        .await
        .signed_in();
    // Chosen once, it is changed without.
    let again = browser.change_password("anne", NEW_PASSWORD, PASSWORD).await;
    again.signed_in();
}

async fn a_proof_of_one_portal_is_none_on_another(database: TestDatabase) {
    let app = App::start(database).await;
    let proof = app.browser("aura").proof().await;
    is_refused(&ask(&app.browser("normandie"), &proof).await);
    assert_eq!(ask(&app.browser("aura"), &proof).await.status, 202);
}

async fn the_more_proofs_are_asked_for_the_harder_they_get(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("aura");
    for _ in 0..110 {
        let answer = browser.post(paths::CAPTCHA_PROOF, &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    // At rest the counter to find is below 8,192; now it is below twice that.
    let mut furthest = 0;
    for _ in 0..4 {
        let proof = browser.proof().await;
        let payload = STANDARD.decode(proof["payload"].as_str().unwrap()).unwrap();
        let payload: altcha::Payload = serde_json::from_slice(&payload).unwrap();
        furthest = furthest.max(payload.solution.counter);
        assert_eq!(ask(&browser, &proof).await.status, 202, "solved all the same");
    }
    assert!(furthest >= 8_192, "{furthest}");
}
