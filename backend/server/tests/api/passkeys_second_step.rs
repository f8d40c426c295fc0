//! A passkey at the second step, and the limits on what is asked of passkeys.

use portique_domain::testing::Device;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::SecondStepView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::passkeys::with_passkey;
use crate::second_step::step;
use crate::support::{Answer, App, Browser, PASSWORD};

on_each_database!(
    a_passkey_takes_the_second_step,
    a_passkey_proves_anew_who_is_signed_in,
    a_challenge_of_one_sign_in_is_none_of_another,
    a_passkey_that_is_refused_counts_as_a_wrong_code,
    without_a_passkey_none_is_asked_for,
    challenges_are_given_out_a_hundred_and_twenty_times_a_minute_to_one_address,
    wrong_answers_are_counted_for_their_address_as_wrong_passwords,
    a_portal_can_take_no_passkeys,
);

const HERE: &str = "https://paca.example";
const JEANNE: &str = "jeanne.lefevre";

/// A sign-in with the password that waits for the second step.
async fn waiting(browser: &Browser<'_>) -> SecondStepView {
    let body = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&browser.post(paths::SESSION, &body).await)
}

async fn options(browser: &Browser<'_>) -> Value {
    let asked = browser.post(paths::PASSKEY_SECOND_STEP_OPTIONS, &json!({})).await;
    asked.ok()
}

async fn answer(browser: &Browser<'_>, credential: &Value) -> Answer {
    let body = json!({ "credential": credential });
    browser.post(paths::PASSKEY_SECOND_STEP, &body).await
}

#[track_caller]
fn refused(answer: &Answer) {
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "credential");
    assert_eq!(problem.fields[0].reason, FieldReason::WrongPasskey);
}

async fn a_passkey_takes_the_second_step(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    assert!(step.passkey && !step.proof);
    // Where there is a choice, no code leaves by itself.
    assert!(step.sent.is_none());
    let asked = options(&browser).await;
    assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1);
    let signed = device.get(HERE, &asked);
    answer(&browser, &signed).await.signed_in();
    assert_eq!(browser.step(), None, "the step's cookie is taken away");
    let trail = app.trail().await;
    let last = trail.last().unwrap();
    assert_eq!(
        (last.action.as_str(), last.factor.as_str(), last.result.as_str()),
        ("sign_in", "passkey", "success")
    );
    let again = answer(&browser, &signed).await;
    again.refused(401, ErrorCode::SecondStepEnded);
}

async fn a_passkey_proves_anew_who_is_signed_in(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    let body = json!({ "password": PASSWORD });
    let step: SecondStepView = browser.post(paths::SESSION_PROOF, &body).await.ok();
    assert!(step.passkey && step.proof);
    let signed = device.get(HERE, &options(&browser).await);
    answer(&browser, &signed).await.signed_in();
    assert_eq!(crate::security::security(&browser).await.proved_for, 600);
    assert_eq!(app.trail().await.last().unwrap().action, "proof");
}

async fn a_challenge_of_one_sign_in_is_none_of_another(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let (mine, other) = (app.browser("paca"), app.browser("paca"));
    waiting(&mine).await;
    waiting(&other).await;
    let signed = device.get(HERE, &options(&mine).await);
    refused(&answer(&other, &signed).await);
    // It was used up by that.
    refused(&answer(&mine, &signed).await);
    // One for a sign-in without password is none of a second step, nor the other way round.
    let free: Value = mine.post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({})).await.ok();
    refused(&answer(&mine, &device.get(HERE, &free)).await);
    let signed = device.get(HERE, &options(&mine).await);
    let body = json!({ "credential": signed });
    let alone = app.browser("paca").post(paths::PASSKEY_SIGN_IN, &body).await;
    alone.refused(401, ErrorCode::CredentialsRefused);
    let signed = device.get(HERE, &options(&mine).await);
    answer(&mine, &signed).await.signed_in();
}

async fn a_passkey_that_is_refused_counts_as_a_wrong_code(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    device.verifies = false;
    for _ in 0..5 {
        let asked = options(&browser).await;
        refused(&answer(&browser, &device.get(HERE, &asked)).await);
    }
    device.verifies = true;
    let asked = options(&browser).await;
    let blocked = answer(&browser, &device.get(HERE, &asked)).await;
    blocked.refused(429, ErrorCode::TooManyAttempts);
    let results = app.results_of("sign_in").await;
    assert_eq!(
        results
            .iter()
            .filter(|result| *result == "person_not_verified")
            .count(),
        5
    );
    assert_eq!(results.last().map(String::as_str), Some("throttled"));
    app.wait_minutes(1);
    let asked = options(&browser).await;
    answer(&browser, &device.get(HERE, &asked)).await.signed_in();
}

async fn without_a_passkey_none_is_asked_for(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    assert!(!waiting(&browser).await.passkey);
    let asked = browser.post(paths::PASSKEY_SECOND_STEP_OPTIONS, &json!({})).await;
    let problem = asked.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "factor");
    let answered = answer(&browser, &json!({})).await;
    answered.refused(422, ErrorCode::ValidationFailed);
}

async fn challenges_are_given_out_a_hundred_and_twenty_times_a_minute_to_one_address(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let ask = async || browser.post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({})).await;
    for _ in 0..120 {
        assert_eq!(ask().await.status, 200);
    }
    ask().await.refused(429, ErrorCode::TooManyRequests);
    let elsewhere = browser
        .request(reqwest::Method::POST, paths::PASSKEY_SIGN_IN_OPTIONS)
        .header("x-forwarded-for", "192.0.2.7")
        .json(&json!({}));
    assert_eq!(browser.send(elsewhere).await.status, 200);
    app.wait_minutes(1);
    assert_eq!(ask().await.status, 200);
}

async fn wrong_answers_are_counted_for_their_address_as_wrong_passwords(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let mut sign_in = async |verifies| {
        let asked: Value = browser
            .post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({}))
            .await
            .ok();
        device.verifies = verifies;
        let body = json!({ "credential": device.get(HERE, &asked) });
        browser.post(paths::PASSKEY_SIGN_IN, &body).await
    };
    for _ in 0..100 {
        sign_in(false).await.refused(401, ErrorCode::CredentialsRefused);
    }
    sign_in(true).await.refused(429, ErrorCode::TooManyAttempts);
    // The same address is kept from passwords too: it is one count.
    let answer = app.browser("paca").sign_in(JEANNE, PASSWORD).await;
    answer.refused(429, ErrorCode::TooManyAttempts);
    app.wait_minutes(2);
    sign_in(true).await.signed_in();
}

async fn a_portal_can_take_no_passkeys(database: TestDatabase) {
    let installation = crate::support::Installation::new(&database.url());
    installation.append("portals/paca.toml", "[second_factor]\npasskeys = \"nobody\"");
    let app = App::start_from(database, installation, false).await;
    let browser = app.browser("paca");
    for path in [paths::PASSKEY_SIGN_IN_OPTIONS, paths::PASSKEY_SIGN_IN] {
        let answer = browser.post(path, &json!({ "credential": {} })).await;
        answer.refused(404, ErrorCode::NotFound);
    }
    let portal: Value = browser.get(paths::PORTAL).await.ok();
    assert_eq!(portal["sign_in"]["passkey"], false);
    let page = browser.get("/sign-in").await;
    assert!(!page.text().contains("/sign-in/passkey"));
    let (_, browser) = crate::security::proved(&app).await;
    assert!(!crate::security::security(&browser).await.offers.passkeys);
    let asked = browser.post(paths::PASSKEY_OPTIONS, &json!({})).await;
    asked.refused(404, ErrorCode::NotFound);
    let portal: Value = app.browser("aura").get(paths::PORTAL).await.ok();
    assert_eq!(portal["sign_in"]["passkey"], true);
}
