//! Limits on what a signed-in person does to what opens their account: bounded, and not for strangers to use up.

use portique_domain::testing::Device;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::SecurityView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::passkeys::with_passkey;
use crate::second_step::step;
use crate::security::{JEANNE, prove, proved};
use crate::support::{Answer, App, Browser, NEW_PASSWORD, PASSWORD, portique};

on_each_database!(
    strangers_who_ask_for_challenges_keep_no_holder_from_their_keys,
    strangers_who_guess_at_the_door_keep_nobody_from_proving_who_they_are_or_changing_their_password,
    a_thief_of_a_session_guesses_no_more_often_than_at_the_door,
    sixty_changes_are_begun_in_a_day_without_a_pause,
);

/// A try to prove who is signed in.
async fn prove_with(browser: &Browser<'_>, password: &str) -> Answer {
    let body = json!({ "password": password });
    browser.post(paths::SESSION_PROOF, &body).await
}

async fn strangers_who_ask_for_challenges_keep_no_holder_from_their_keys(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = with_passkey(&app, &mut Device::new(1)).await;
    let stranger = app.browser("paca");
    let ask = async || stranger.post(paths::PASSKEY_SIGN_IN_OPTIONS, &json!({})).await;
    assert_eq!(ask().await.status, 200);
    let nearly = "UPDATE throttles SET failures = 2999 WHERE kind = 'passkey_portal'";
    assert_eq!(app.database.run_by_hand(nearly).await.unwrap(), 1);
    assert_eq!(ask().await.status, 200);
    ask().await.refused(429, ErrorCode::TooManyRequests);
    browser
        .post(paths::PASSKEY_OPTIONS, &json!({}))
        .await
        .ok::<Value>();
    let second = app.browser("paca");
    let by_name = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&second.post(paths::SESSION, &by_name).await);
    second
        .post(paths::PASSKEY_SECOND_STEP_OPTIONS, &json!({}))
        .await
        .ok::<Value>();
}

async fn strangers_who_guess_at_the_door_keep_nobody_from_proving_who_they_are_or_changing_their_password(
    database: TestDatabase,
) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    let stranger = app.browser("paca");
    for _ in 0..5 {
        let answer = stranger.sign_in(JEANNE, "wrong").await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
    let blocked = stranger.sign_in(JEANNE, PASSWORD).await;
    blocked.refused(429, ErrorCode::TooManyAttempts);
    // Nor does it help them to fill what is counted of the address.
    let address =
        "UPDATE throttles SET failures = 1000, blocked_until = since + 86400000 WHERE kind = 'address'";
    assert_eq!(app.database.run_by_hand(address).await.unwrap(), 1);
    prove(&browser).await;
    browser
        .change_password(JEANNE, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
}

async fn a_thief_of_a_session_guesses_no_more_often_than_at_the_door(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    let mut judged = 0;
    // Four hours end any session.
    for _ in 0..30 {
        app.wait_minutes(7);
        browser
            .post(paths::SESSION_EXTENSION, &json!({}))
            .await
            .signed_in();
        for answer in [
            prove_with(&browser, "wrong").await,
            browser.change_password(JEANNE, "wrong", NEW_PASSWORD).await,
        ] {
            judged += u32::from(answer.status == 422);
            assert!(matches!(answer.status, 422 | 429), "{}", answer.text());
        }
    }
    // Four without a pause, then after 1, 2, 4, … 128 minutes.
    assert!(judged <= 4 + 8, "{judged}");
    // Whoever knows the password clears it at no door; the agency can.
    let own = app.browser("paca");
    own.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove_with(&own, PASSWORD)
        .await
        .refused(429, ErrorCode::TooManyAttempts);
    let file = app.installation.file();
    let words = [
        "account",
        "reset-factors",
        "--portal",
        "paca",
        "--identifier",
        JEANNE,
    ];
    let ran = portique(&[&["--config", file.to_str().unwrap()][..], &words].concat());
    assert!(ran.ok, "{}", ran.err);
    own.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove(&own).await;
}

async fn sixty_changes_are_begun_in_a_day_without_a_pause(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let begin = async |browser: &Browser<'_>| browser.post(paths::APP_ENROLMENT, &json!({})).await;
    let unproved = app.browser("paca");
    unproved.sign_in(JEANNE, PASSWORD).await.signed_in();
    for _ in 0..60 {
        begin(&unproved).await.refused(403, ErrorCode::ProofRequired);
        begin(&browser).await.ok::<Value>();
    }
    let wanted = json!({ "wanted": true });
    for answer in [
        begin(&browser).await,
        browser.post(paths::RECOVERY_CODES, &json!({})).await,
        browser.put(paths::SECOND_FACTOR, &wanted).await,
        browser.post(paths::PASSKEY_OPTIONS, &json!({})).await,
        browser.put(paths::CONTACTS, &json!({ "rescue_email": "" })).await,
    ] {
        let problem = answer.refused(429, ErrorCode::TooManyRequests);
        assert_eq!(problem.retry_after, Some(60));
    }
    // A stranger's key can be taken out all the same.
    let gone = format!("{}/00000000-0000-0000-0000-000000000000", paths::AUTHENTICATORS);
    browser.delete(&gone).await.refused(404, ErrorCode::NotFound);
    app.create("paca", "paul").await;
    let other = app.browser("paca");
    other.sign_in("paul", PASSWORD).await.signed_in();
    prove(&other).await;
    begin(&other).await.ok::<Value>();
    app.wait_minutes(1);
    browser
        .put(paths::SECOND_FACTOR, &wanted)
        .await
        .ok::<SecurityView>();
}
