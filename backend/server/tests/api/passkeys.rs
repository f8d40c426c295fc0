//! Passkeys: added by who proved who they are, taken at the second step, and enough by themselves.

use portique_domain::account::{Account, PasswordState};
use portique_domain::testing::Device;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::security::{AuthenticatorKind, SecurityView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::second_step::step;
use crate::security::{prove, proved, security};
use crate::support::{Answer, App, Browser, PASSWORD};

on_each_database!(
    a_passkey_is_added_under_its_name_and_every_address_is_told,
    a_passkey_is_added_by_who_proved_it_and_in_the_session_that_asked,
    a_device_that_is_known_is_told_to_the_browser_and_adds_nothing_twice,
    what_another_site_made_is_not_added,
    a_passkey_alone_signs_in,
    a_sign_in_by_passkey_replaces_what_the_browser_held,
    the_options_of_a_sign_in_name_nobody,
    whatever_a_passkey_lacks_the_answer_is_the_same_and_the_trail_has_the_word,
    a_challenge_is_good_for_one_answer_five_minutes_and_one_portal,
    of_fifty_uses_of_one_signature_at_one_instant_one_signs_in,
    a_counter_that_went_back_opens_nothing_and_is_written_down,
    disabled_or_with_a_provisional_password_an_account_is_not_opened,
    a_removed_passkey_opens_nothing,
);

const HERE: &str = "https://paca.example";
const JEANNE: &str = "jeanne.lefevre";

async fn options(browser: &Browser<'_>, path: &str) -> Value {
    browser.post(path, &json!({})).await.ok()
}

async fn add(browser: &Browser<'_>, credential: &Value, name: &str) -> Answer {
    let body = json!({ "credential": credential, "name": name });
    browser.post(paths::PASSKEYS, &body).await
}

/// `jeanne.lefevre` signed in and proved, with a passkey in `device`.
pub async fn with_passkey<'a>(app: &'a App, device: &mut Device) -> (Account, Browser<'a>) {
    let (jeanne, browser) = proved(app).await;
    enrol(&browser, device).await;
    (jeanne, browser)
}

async fn enrol(browser: &Browser<'_>, device: &mut Device) -> SecurityView {
    let asked = options(browser, paths::PASSKEY_OPTIONS).await;
    let made = device.create(HERE, &asked);
    add(browser, &made, "Téléphone").await.ok()
}

/// A sign-in by `device` alone, on a page of `origin`.
async fn sign_in_on(browser: &Browser<'_>, device: &mut Device, origin: &str) -> Answer {
    let asked = options(browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    let signed = device.get(origin, &asked);
    browser
        .post(paths::PASSKEY_SIGN_IN, &json!({ "credential": signed }))
        .await
}

async fn sign_in(browser: &Browser<'_>, device: &mut Device) -> Answer {
    sign_in_on(browser, device, HERE).await
}

/// What the trail says of the sign-ins with a passkey, in order.
async fn with_passkeys(app: &App) -> Vec<String> {
    let trail = app.trail().await.into_iter();
    trail
        .filter(|entry| entry.action == "sign_in" && entry.factor == "passkey")
        .map(|entry| entry.result)
        .collect()
}

async fn a_passkey_is_added_under_its_name_and_every_address_is_told(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    assert!(security(&browser).await.offers.passkeys);
    let view = enrol(&browser, &mut Device::new(1)).await;
    let [held] = &view.authenticators[..] else {
        panic!("one was added: {view:?}");
    };
    assert_eq!(
        (held.kind, held.name.as_str()),
        (AuthenticatorKind::Passkey, "Téléphone")
    );
    assert_eq!(held.last_used_at, None);
    // To sign in by a passkey is no wish to be asked for one after each password.
    assert!(!view.second_factor_wanted);
    assert_eq!(app.results_of("factor_added").await, ["success"]);
    assert_eq!(app.trail().await.last().unwrap().factor, "passkey");
    let queue = app.queue().await;
    let told = queue.iter().filter(|message| message.kind == "security_changed");
    assert_eq!(told.count(), 1);
    let other = enrol(&browser, &mut Device::new(2)).await;
    assert_eq!(other.authenticators.len(), 2);
}

async fn a_passkey_is_added_by_who_proved_it_and_in_the_session_that_asked(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(JEANNE, PASSWORD).await.signed_in();
    for answer in [
        browser.post(paths::PASSKEY_OPTIONS, &json!({})).await,
        add(&browser, &json!({}), "Téléphone").await,
    ] {
        answer.refused(403, ErrorCode::ProofRequired);
    }
    prove(&browser).await;
    let asked = options(&browser, paths::PASSKEY_OPTIONS).await;
    let elsewhere = app.browser("paca");
    elsewhere.sign_in(JEANNE, PASSWORD).await.signed_in();
    app.wait_minutes(1);
    prove(&elsewhere).await;
    let made = Device::new(1).create(HERE, &asked);
    let answer = add(&elsewhere, &made, "Téléphone").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
    // It was used up all the same.
    let answer = add(&browser, &made, "Téléphone").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
    let asked = options(&browser, paths::PASSKEY_OPTIONS).await;
    app.wait_minutes(5);
    let made = Device::new(1).create(HERE, &asked);
    let answer = add(&browser, &made, "Téléphone").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
    assert!(security(&browser).await.authenticators.is_empty());
}

async fn a_device_that_is_known_is_told_to_the_browser_and_adds_nothing_twice(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    let (_, browser) = with_passkey(&app, &mut device).await;
    let asked = options(&browser, paths::PASSKEY_OPTIONS).await;
    assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1);
    let made = device.create(HERE, &asked);
    let answer = add(&browser, &made, "Encore").await;
    answer.refused(409, ErrorCode::EnrolmentSpent);
    assert_eq!(security(&browser).await.authenticators.len(), 1);
}

async fn what_another_site_made_is_not_added(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let asked = options(&browser, paths::PASSKEY_OPTIONS).await;
    let made = Device::new(1).create("https://paca.example.net", &asked);
    let problem = add(&browser, &made, "Téléphone")
        .await
        .refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].reason, FieldReason::WrongPasskey);
    let problem = add(&browser, &json!({ "id": 1 }), "Téléphone")
        .await
        .refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].reason, FieldReason::Malformed);
}

async fn a_passkey_alone_signs_in(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    let (jeanne, first) = with_passkey(&app, &mut device).await;
    app.wait_minutes(1);
    let browser = app.browser("paca");
    let session = sign_in(&browser, &mut device).await.signed_in();
    assert_eq!(session.person.identifier, JEANNE);
    assert!(!session.password_change_required);
    assert_eq!(browser.get(paths::ACCOUNT).await.status, 200);
    assert_eq!(with_passkeys(&app).await, ["success"]);
    assert_eq!(app.trail().await.last().unwrap().account, jeanne.id.0.to_string());
    assert_eq!(app.reread(&jeanne).await.last_sign_in_at, Some(app.now()));
    let used = security(&first).await.authenticators[0].last_used_at.clone();
    assert_eq!(used, Some(app.now().to_string()));
    // What opens the account is changed by no sign-in, however strong: somebody else may have taken the seat.
    let change = browser.post(paths::PASSKEY_OPTIONS, &json!({})).await;
    change.refused(403, ErrorCode::ProofRequired);
}

async fn a_sign_in_by_passkey_replaces_what_the_browser_held(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    let (_, browser) = with_passkey(&app, &mut device).await;
    let before = browser.cookie();
    let thief = app.browser("paca");
    thief.hold(before.clone());
    sign_in(&browser, &mut device).await.signed_in();
    assert_ne!(browser.cookie(), before);
    assert!(!thief.is_signed_in().await, "the older session has ended");
    // A sign-in that waited for its code waits no more.
    let body = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&browser.post(paths::SESSION, &body).await);
    let waiting = app.browser("paca");
    waiting.hold_step(browser.step());
    sign_in(&browser, &mut device).await.signed_in();
    assert_eq!(browser.step(), None);
    let answer = waiting.get(paths::SECOND_STEP).await;
    answer.refused(401, ErrorCode::SecondStepEnded);
}

async fn the_options_of_a_sign_in_name_nobody(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let mut before = options(&browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    with_passkey(&app, &mut Device::new(1)).await;
    let mut after = options(&browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    assert_ne!(before["challenge"], after["challenge"]);
    for asked in [&mut before, &mut after] {
        assert_eq!(asked["rpId"], "paca.example");
        assert_eq!(asked["userVerification"], "required");
        assert_eq!(asked["allowCredentials"], json!([]));
        asked["challenge"] = Value::Null;
    }
    assert_eq!(before, after);
}

async fn whatever_a_passkey_lacks_the_answer_is_the_same_and_the_trail_has_the_word(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let mut answers = Vec::new();
    answers.push(sign_in_on(&browser, &mut device, "https://paca.example.net").await);
    device.site = Some("paca.example.net".into());
    answers.push(sign_in(&browser, &mut device).await);
    device.site = None;
    device.verifies = false;
    answers.push(sign_in(&browser, &mut device).await);
    device.verifies = true;
    device.flips = true;
    answers.push(sign_in(&browser, &mut device).await);
    device.flips = false;
    device.challenge = Some("AAAAAAAAAAAAAAAAAAAAAA".into());
    answers.push(sign_in(&browser, &mut device).await);
    device.challenge = None;
    // Never added here, and told to be Jeanne's.
    let mut foreign = Device::new(2);
    let theirs = json!({ "rp": { "id": "paca.example" }, "user": { "id": "A".repeat(86) }, "challenge": "" });
    foreign.create(HERE, &theirs);
    answers.push(sign_in(&browser, &mut foreign).await);
    for answer in &answers {
        answer.refused(401, ErrorCode::CredentialsRefused);
        assert_eq!(answer.without_id(), answers[0].without_id());
    }
    assert!(!browser.is_signed_in().await);
    assert_eq!(
        with_passkeys(&app).await,
        [
            "passkey_refused",
            "passkey_refused",
            "person_not_verified",
            "passkey_refused",
            "challenge_spent",
            "unknown_passkey"
        ]
    );
    sign_in(&browser, &mut device).await.signed_in();
}

async fn a_challenge_is_good_for_one_answer_five_minutes_and_one_portal(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let answer = async |browser: &Browser<'_>, signed: &Value| {
        let body = json!({ "credential": signed });
        browser.post(paths::PASSKEY_SIGN_IN, &body).await
    };
    let asked = options(&browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    let signed = device.get(HERE, &asked);
    answer(&browser, &signed).await.signed_in();
    let again = answer(&app.browser("paca"), &signed).await;
    again.refused(401, ErrorCode::CredentialsRefused);
    // Signed anew, the challenge is used up all the same.
    let again = answer(&app.browser("paca"), &device.get(HERE, &asked)).await;
    again.refused(401, ErrorCode::CredentialsRefused);

    let asked = options(&browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    app.wait_minutes(5);
    let late = answer(&app.browser("paca"), &device.get(HERE, &asked)).await;
    late.refused(401, ErrorCode::CredentialsRefused);

    let asked = options(&app.browser("aura"), paths::PASSKEY_SIGN_IN_OPTIONS).await;
    let elsewhere = answer(&app.browser("paca"), &device.get(HERE, &asked)).await;
    elsewhere.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(
        with_passkeys(&app).await,
        [
            "success",
            "challenge_spent",
            "challenge_spent",
            "challenge_spent",
            "challenge_spent"
        ]
    );
}

async fn of_fifty_uses_of_one_signature_at_one_instant_one_signs_in(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let asked = options(&browser, paths::PASSKEY_SIGN_IN_OPTIONS).await;
    let body = json!({ "credential": device.get(HERE, &asked) });
    let statuses = browser
        .fifty_at_once(reqwest::Method::POST, paths::PASSKEY_SIGN_IN, &body)
        .await;
    let signed_in = statuses.iter().filter(|status| **status == 200);
    assert_eq!(signed_in.count(), 1, "{statuses:?}");
}

async fn a_counter_that_went_back_opens_nothing_and_is_written_down(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    device.counter = 41;
    sign_in(&browser, &mut device).await.signed_in();
    // Its copy signed fewer times.
    device.counter = 7;
    let copied = sign_in(&app.browser("paca"), &mut device).await;
    copied.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(with_passkeys(&app).await, ["success", "counter_went_back"]);
}

async fn disabled_or_with_a_provisional_password_an_account_is_not_opened(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    let (jeanne, _) = with_passkey(&app, &mut device).await;
    let browser = app.browser("paca");
    let provisional = PasswordState::Provisional {
        hash: app.hash(PASSWORD).await,
        expires_at: app.now() + jiff::SignedDuration::from_hours(72),
    };
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.set_password(jeanne.id, &provisional).await.unwrap();
    unit.commit().await.unwrap();
    let answer = sign_in(&browser, &mut device).await;
    answer.refused(401, ErrorCode::CredentialsRefused);
    app.disable_everybody().await;
    let answer = sign_in(&browser, &mut device).await;
    answer.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(with_passkeys(&app).await, ["no_password", "disabled"]);
}

async fn a_removed_passkey_opens_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    let mut device = Device::new(1);
    let (_, browser) = with_passkey(&app, &mut device).await;
    let id = security(&browser).await.authenticators[0].id.clone();
    let path = format!("{}/{id}", paths::AUTHENTICATORS);
    let removed = browser.delete(&path).await;
    assert!(removed.status < 300, "{}", removed.text());
    let answer = sign_in(&app.browser("paca"), &mut device).await;
    answer.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(with_passkeys(&app).await, ["unknown_passkey"]);
}
