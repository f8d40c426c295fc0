//! What opens an account, changed by its person: who may, what it takes, what is told.

use portique_domain::account::Account;
use portique_domain::totp::Secret;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::SecondStepView;
use portique_shared::api::security::{AppEnrolmentView, AuthenticatorKind, RecoveryCodesMade, SecurityView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::second_step::step;
use crate::support::{Answer, App, Browser, PASSWORD};

on_each_database!(
    changes_take_a_proof_of_password_and_code,
    a_proof_gives_the_session_another_token_and_not_another_life,
    a_proof_is_good_for_ten_minutes,
    a_wrong_password_proves_nothing_and_is_counted,
    a_proof_whose_session_ended_opens_nothing,
    an_application_is_enrolled_by_its_code_and_asked_for_from_then_on,
    an_enrolment_is_for_one_person_ten_minutes_and_once,
    a_name_is_needed_and_a_wrong_code_loses_nothing,
    a_removed_application_opens_nothing_any_more,
    somebody_elses_authenticator_is_none,
    the_choice_of_a_second_factor_holds_until_it_is_taken_back,
    every_change_is_told_to_each_address,
);

pub const JEANNE: &str = "jeanne.lefevre";

/// Proves anew who is signed in.
pub async fn prove(browser: &Browser<'_>) {
    let step: SecondStepView = browser
        .post(paths::SESSION_PROOF, &json!({ "password": PASSWORD }))
        .await
        .ok();
    assert!(step.proof);
    let code = code_for(browser, &step).await;
    browser.type_code(&code).await.signed_in();
}

/// The code that was sent, or one that is sent now.
async fn code_for(browser: &Browser<'_>, step: &SecondStepView) -> String {
    if step.sent.is_some() {
        return browser.app().code(step).await;
    }
    let to = step.destinations[0].kind;
    let sent = browser
        .post(paths::SECOND_STEP_SENDING, &json!({ "to": to }))
        .await;
    browser.app().code(&sent.ok()).await
}

pub async fn security(browser: &Browser<'_>) -> SecurityView {
    browser.get(paths::SECURITY).await.ok()
}

/// `jeanne.lefevre`, signed in, who has just proved it.
pub async fn proved(app: &App) -> (Account, Browser<'_>) {
    let jeanne = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove(&browser).await;
    (jeanne, browser)
}

async fn begin(browser: &Browser<'_>) -> (AppEnrolmentView, Secret) {
    let begun: AppEnrolmentView = browser.post(paths::APP_ENROLMENT, &json!({})).await.ok();
    let secret = data_encoding::BASE32_NOPAD.decode(begun.secret.as_bytes());
    (begun, Secret::from_bytes(secret.expect("base 32")))
}

async fn add(browser: &Browser<'_>, enrolment: &str, code: &str, name: &str) -> Answer {
    let body = json!({ "enrolment": enrolment, "code": code, "name": name });
    browser.post(paths::APPS, &body).await
}

/// Enrols an application; gives its secret.
pub async fn enrol(browser: &Browser<'_>) -> Secret {
    let (begun, secret) = begin(browser).await;
    let code = secret.code_at(browser.app().now());
    add(browser, &begun.enrolment, code.as_str(), "Téléphone")
        .await
        .ok::<SecurityView>();
    // The code that enrolled it is used up.
    browser.app().clock.advance(30);
    secret
}

pub async fn type_factor(browser: &Browser<'_>, factor: &str, code: &str) -> Answer {
    let body = json!({ "code": code, "factor": factor });
    browser.post(paths::SECOND_STEP, &body).await
}

#[track_caller]
pub fn refused_for(answer: &Answer, name: &str, reason: &FieldReason) {
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, name);
    assert_eq!(&problem.fields[0].reason, reason);
}

async fn changes_take_a_proof_of_password_and_code(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    assert_eq!(security(&browser).await.proved_for, 0);
    let id = format!("{}/00000000-0000-0000-0000-000000000000", paths::AUTHENTICATORS);
    let changes = [
        browser.post(paths::APP_ENROLMENT, &json!({})).await,
        add(&browser, "00", "123456", "Téléphone").await,
        browser.post(paths::RECOVERY_CODES, &json!({})).await,
        browser
            .put(paths::SECOND_FACTOR, &json!({ "wanted": true }))
            .await,
        browser.delete(&id).await,
    ];
    for change in changes {
        change.refused(403, ErrorCode::ProofRequired);
    }
    prove(&browser).await;
    assert_eq!(security(&browser).await.proved_for, 600);
    browser
        .post(paths::APP_ENROLMENT, &json!({}))
        .await
        .ok::<AppEnrolmentView>();
    assert_eq!(app.results_of("proof").await, ["second_step_due", "success"]);
    let stranger = app.browser("paca");
    stranger
        .get(paths::SECURITY)
        .await
        .refused(401, ErrorCode::SessionRequired);
    let body = json!({ "password": PASSWORD });
    let answer = stranger.post(paths::SESSION_PROOF, &body).await;
    answer.refused(401, ErrorCode::SessionRequired);
}

async fn a_proof_gives_the_session_another_token_and_not_another_life(database: TestDatabase) {
    let app = App::start(database).await;
    let jeanne = app.jeanne().await;
    let browser = app.browser("paca");
    let before = browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    let older = browser.cookie();
    let signed_in_at = app.reread(&jeanne).await.last_sign_in_at;
    app.wait_minutes(5);
    prove(&browser).await;
    let portique_shared::api::session::SessionState::SignedIn(after) = browser.session().await else {
        panic!("still signed in");
    };
    assert_ne!(browser.cookie(), older);
    assert_eq!(after.absolute_expires_at, before.absolute_expires_at);
    assert_eq!(after.last_sign_in_at, before.last_sign_in_at);
    assert_eq!(app.reread(&jeanne).await.last_sign_in_at, signed_in_at);
    let thief = app.browser("paca");
    thief.hold(older);
    assert!(!thief.is_signed_in().await, "the older token opens nothing");
}

async fn a_proof_is_good_for_ten_minutes(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    app.clock.advance(599);
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": true }))
        .await
        .ok::<SecurityView>();
    app.clock.advance(1);
    let late = browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": false }))
        .await;
    late.refused(403, ErrorCode::ProofRequired);
}

async fn a_wrong_password_proves_nothing_and_is_counted(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    for _ in 0..5 {
        let answer = browser
            .post(paths::SESSION_PROOF, &json!({ "password": "autre" }))
            .await;
        refused_for(&answer, "password", &FieldReason::WrongPassword);
    }
    let answer = browser
        .post(paths::SESSION_PROOF, &json!({ "password": PASSWORD }))
        .await;
    answer.refused(429, ErrorCode::TooManyAttempts);
    assert_eq!(browser.step(), None);
}

async fn a_proof_whose_session_ended_opens_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    let answer = browser
        .post(paths::SESSION_PROOF, &json!({ "password": PASSWORD }))
        .await;
    let step: SecondStepView = answer.ok();
    let (held, code) = (browser.step(), app.code(&step).await);
    let other = app.browser("paca");
    other.hold(browser.cookie());
    other.sign_out().await;
    browser.hold_step(held);
    let answer = browser.type_code(&code).await;
    answer.refused(401, ErrorCode::SecondStepEnded);
}

async fn an_application_is_enrolled_by_its_code_and_asked_for_from_then_on(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let (begun, _) = begin(&browser).await;
    assert!(begun.address.starts_with("otpauth://totp/"), "{}", begun.address);
    assert!(begun.picture.size >= 21 && begun.picture.path.starts_with("M0 0h7"));
    let secret = enrol(&browser).await;
    let view = security(&browser).await;
    assert!(view.second_factor_wanted);
    assert_eq!(view.authenticators.len(), 1);
    assert_eq!(view.authenticators[0].kind, AuthenticatorKind::App);
    assert_eq!(view.authenticators[0].name, "Téléphone");
    assert_eq!(view.authenticators[0].last_used_at, None);

    let phone = app.browser("paca");
    let waiting = step(&phone.sign_in(JEANNE, PASSWORD).await);
    assert!(
        waiting.app && waiting.sent.is_none(),
        "nothing is sent where there is a choice"
    );
    let code = secret.code_at(app.now());
    let slip = type_factor(&phone, "app", "000000").await;
    refused_for(&slip, "code", &FieldReason::WrongCode);
    type_factor(&phone, "app", code.as_str()).await.signed_in();
    assert!(security(&phone).await.authenticators[0].last_used_at.is_some());
    let trail = app.trail().await;
    assert!(
        trail
            .iter()
            .any(|entry| entry.action == "sign_in" && entry.factor == "app" && entry.result == "success")
    );

    let again = app.browser("paca");
    step(&again.sign_in(JEANNE, PASSWORD).await);
    let used = type_factor(&again, "app", code.as_str()).await;
    refused_for(&used, "code", &FieldReason::WrongCode);
}

async fn an_enrolment_is_for_one_person_ten_minutes_and_once(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let (begun, secret) = begin(&browser).await;
    app.create("paca", "paul").await;
    let other = app.browser("paca");
    other.sign_in("paul", PASSWORD).await.signed_in();
    prove(&other).await;
    let code = secret.code_at(app.now());
    let stolen = add(&other, &begun.enrolment, code.as_str(), "Téléphone").await;
    stolen.refused(409, ErrorCode::EnrolmentSpent);
    add(&browser, &begun.enrolment, code.as_str(), "Téléphone")
        .await
        .ok::<SecurityView>();
    app.clock.advance(30);
    let twice = secret.code_at(app.now());
    let again = add(&browser, &begun.enrolment, twice.as_str(), "Encore").await;
    again.refused(409, ErrorCode::EnrolmentSpent);
    let (late, secret) = begin(&other).await;
    app.wait_minutes(5);
    prove(&other).await;
    app.wait_minutes(5);
    let code = secret.code_at(app.now());
    let answer = add(&other, &late.enrolment, code.as_str(), "Tard").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
    let answer = add(&other, "zz", "123456", "Tard").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
}

async fn a_name_is_needed_and_a_wrong_code_loses_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let (begun, secret) = begin(&browser).await;
    let code = secret.code_at(app.now());
    let nameless = add(&browser, &begun.enrolment, code.as_str(), "   ").await;
    refused_for(&nameless, "name", &FieldReason::Length);
    let wrong = add(&browser, &begun.enrolment, "000000", "Téléphone").await;
    refused_for(&wrong, "code", &FieldReason::WrongCode);
    let malformed = add(&browser, &begun.enrolment, "12", "Téléphone").await;
    refused_for(&malformed, "code", &FieldReason::Malformed);
    add(&browser, &begun.enrolment, code.as_str(), "Téléphone")
        .await
        .ok::<SecurityView>();
}

async fn a_removed_application_opens_nothing_any_more(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let secret = enrol(&browser).await;
    let phone = app.browser("paca");
    step(&phone.sign_in(JEANNE, PASSWORD).await);
    let id = security(&browser).await.authenticators[0].id.clone();
    let path = format!("{}/{id}", paths::AUTHENTICATORS);
    let view: SecurityView = browser.delete(&path).await.ok();
    assert!(view.authenticators.is_empty());
    browser.delete(&path).await.refused(404, ErrorCode::NotFound);
    let code = secret.code_at(app.now());
    let answer = type_factor(&phone, "app", code.as_str()).await;
    refused_for(&answer, "code", &FieldReason::WrongCode);
}

async fn somebody_elses_authenticator_is_none(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    enrol(&browser).await;
    let id = security(&browser).await.authenticators[0].id.clone();
    app.create("paca", "paul").await;
    let other = app.browser("paca");
    other.sign_in("paul", PASSWORD).await.signed_in();
    prove(&other).await;
    for id in [id.as_str(), "none", "..%2f"] {
        let answer = other.delete(&format!("{}/{id}", paths::AUTHENTICATORS)).await;
        answer.refused(404, ErrorCode::NotFound);
    }
    assert_eq!(security(&browser).await.authenticators.len(), 1);
}

async fn the_choice_of_a_second_factor_holds_until_it_is_taken_back(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let phone = app.browser("paca");
    phone.sign_in(JEANNE, PASSWORD).await.signed_in();
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": true }))
        .await
        .ok::<SecurityView>();
    step(&phone.sign_in(JEANNE, PASSWORD).await);
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": false }))
        .await
        .ok::<SecurityView>();
    phone.sign_in(JEANNE, PASSWORD).await.signed_in();
    assert_eq!(app.results_of("second_factor_on").await, ["success"]);
    assert_eq!(app.results_of("second_factor_off").await, ["success"]);
}

async fn every_change_is_told_to_each_address(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", JEANNE).await;
    account.record.rescue_email = Some("jeanne@ailleurs.example".parse().unwrap());
    app.insert(&account).await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    prove(&browser).await;
    enrol(&browser).await;
    let told = || async {
        let queue = app.queue().await;
        queue
            .iter()
            .filter(|message| message.kind == "security_changed")
            .count()
    };
    assert_eq!(told().await, 2, "one to each address");
    browser
        .post(paths::RECOVERY_CODES, &json!({}))
        .await
        .ok::<RecoveryCodesMade>();
    assert_eq!(told().await, 4);
    browser
        .put(paths::SECOND_FACTOR, &json!({ "wanted": false }))
        .await
        .ok::<SecurityView>();
    assert_eq!(told().await, 6);
}
