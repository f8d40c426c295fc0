//! How often a code opens: once, whatever the factor, however many try it at one instant.

use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::security::{RecoveryCodesMade, SecurityView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::second_step::step;
use crate::security::{JEANNE, enrol, prove, proved, refused_for, security, type_factor};
use crate::support::{App, PASSWORD};

on_each_database!(
    of_fifty_right_codes_of_an_application_at_one_instant_one_signs_in,
    of_fifty_right_recovery_codes_at_one_instant_one_signs_in,
    wrong_codes_of_every_factor_are_counted_together,
    ten_recovery_codes_open_once_each_and_new_ones_replace_them,
);

/// Fifty sign-ins that wait, each in a browser of its own, and the statuses of one code typed in all of them at one instant.
async fn fifty_sign_ins_type(app: &App, factor: &str, code: &str) -> Vec<u16> {
    let mut sent = Vec::new();
    for _ in 0..50 {
        let browser = app.browser("paca");
        step(&browser.sign_in(JEANNE, PASSWORD).await);
        let request = browser.request(reqwest::Method::POST, paths::SECOND_STEP);
        sent.push(request.json(&json!({ "code": code, "factor": factor })));
    }
    let sent: Vec<_> = sent
        .into_iter()
        .map(|request| tokio::spawn(request.send()))
        .collect();
    let mut statuses = Vec::new();
    for answer in sent {
        statuses.push(answer.await.unwrap().unwrap().status().as_u16());
    }
    statuses
}

#[track_caller]
fn one_of_them_won(statuses: &[u16]) {
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    // The others were wrong by then, or too many.
    assert!(
        statuses.iter().all(|status| matches!(status, 200 | 422 | 429)),
        "{statuses:?}"
    );
}

async fn of_fifty_right_codes_of_an_application_at_one_instant_one_signs_in(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let secret = enrol(&browser).await;
    let code = secret.code_at(app.now());
    one_of_them_won(&fifty_sign_ins_type(&app, "app", code.as_str()).await);
}

async fn of_fifty_right_recovery_codes_at_one_instant_one_signs_in(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": true }))
        .await
        .ok::<SecurityView>();
    let made: RecoveryCodesMade = browser.post(paths::RECOVERY_CODES, &json!({})).await.ok();
    one_of_them_won(&fifty_sign_ins_type(&app, "recovery_code", &made.codes[0]).await);
}

async fn wrong_codes_of_every_factor_are_counted_together(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let secret = enrol(&browser).await;
    browser
        .post(paths::RECOVERY_CODES, &json!({}))
        .await
        .ok::<RecoveryCodesMade>();
    let thief = app.browser("paca");
    for round in 0..5 {
        step(&thief.sign_in(JEANNE, PASSWORD).await);
        let (factor, code) = match round % 2 {
            0 => ("app", "000000"),
            _ => ("recovery_code", "00000-00000-0000"),
        };
        let answer = type_factor(&thief, factor, code).await;
        refused_for(&answer, "code", &FieldReason::WrongCode);
    }
    let code = secret.code_at(app.now());
    let answer = type_factor(&thief, "app", code.as_str()).await;
    answer.refused(429, ErrorCode::TooManyAttempts);
}

async fn ten_recovery_codes_open_once_each_and_new_ones_replace_them(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": true }))
        .await
        .ok::<SecurityView>();
    let made: RecoveryCodesMade = browser.post(paths::RECOVERY_CODES, &json!({})).await.ok();
    assert_eq!(made.codes.len(), 10);
    assert_eq!(made.security.recovery_codes.unwrap().left, 10);
    let kept = app.tools.store.factors(jeanne.id).await.unwrap().recovery_codes;
    assert!(
        kept.iter()
            .all(|code| code.hash.as_str().starts_with("$argon2id$"))
    );

    let phone = app.browser("paca");
    let waiting = step(&phone.sign_in(JEANNE, PASSWORD).await);
    assert!(waiting.recovery_code);
    let wrong = type_factor(&phone, "recovery_code", "00000-00000-00000").await;
    refused_for(&wrong, "code", &FieldReason::Malformed);
    let swapped = format!("5{}", &made.codes[4][1..]);
    let wrong = type_factor(&phone, "recovery_code", &swapped).await;
    refused_for(&wrong, "code", &FieldReason::WrongCode);
    let typed = made.codes[4].to_lowercase().replace('-', " ");
    type_factor(&phone, "recovery_code", &typed).await.signed_in();
    assert_eq!(security(&phone).await.recovery_codes.unwrap().left, 9);

    let again = app.browser("paca");
    step(&again.sign_in(JEANNE, PASSWORD).await);
    let used = type_factor(&again, "recovery_code", &made.codes[4]).await;
    refused_for(&used, "code", &FieldReason::WrongCode);
    prove(&phone).await;
    phone
        .post(paths::RECOVERY_CODES, &json!({}))
        .await
        .ok::<RecoveryCodesMade>();
    let older = type_factor(&again, "recovery_code", &made.codes[5]).await;
    refused_for(&older, "code", &FieldReason::WrongCode);
}
