//! The second step of a sign-in: who is asked for it, and what it opens.

use portique_domain::account::{Account, PasswordState, Privilege, Privileges};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::{Destination, SecondStepView};
use portique_shared::api::session::SignInAnswer;
use portique_shared::types::EmailAddress;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::support::{Answer, App, Browser, NEW_PASSWORD, PASSWORD, portique};

on_each_database!(
    a_privileged_person_is_signed_in_by_password_and_code_alone,
    until_the_code_nothing_is_open_and_no_sign_in_is_recorded,
    anybody_may_ask_for_the_second_step,
    a_rescue_address_gets_the_code_and_the_page_says_so_as_the_guide_does,
    the_page_is_shown_again_as_it_was,
    a_provisional_password_of_a_privileged_person_asks_for_the_code_first,
    a_wrong_password_is_refused_the_same_whoever_would_be_asked_for_a_code,
    what_ends_sessions_ends_sign_ins_that_wait,
    given_up_it_ends,
    another_persons_sign_in_and_a_sign_out_leave_none_waiting_in_the_browser,
    a_corrected_address_ends_sign_ins_whose_code_went_to_the_older_one,
    a_code_of_one_sign_in_opens_no_other,
);

/// `chef` on paca, who runs the portal.
pub async fn chief(app: &App) -> Account {
    let mut account = app.draft("paca", "chef").await;
    account.record.privileges = Privileges::new([Privilege::Administrator]);
    account.record.rescue_email = None;
    account.record.rescue_phone = None;
    app.insert(&account).await;
    account
}

/// A sign-in that waits for its code.
pub async fn waiting(browser: &Browser<'_>) -> SecondStepView {
    step(&browser.sign_in("chef", PASSWORD).await)
}

#[track_caller]
pub fn step(answer: &Answer) -> SecondStepView {
    match answer.ok() {
        SignInAnswer::SecondStep(step) => step,
        SignInAnswer::SignedIn(_) => panic!("signed in without a second step"),
    }
}

/// The page of the code, opened again.
pub async fn look(browser: &Browser<'_>) -> Answer {
    browser.get(paths::SECOND_STEP).await
}

#[track_caller]
pub fn refused_for(answer: &Answer, reason: &FieldReason) {
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "code");
    assert_eq!(&problem.fields[0].reason, reason);
}

async fn a_privileged_person_is_signed_in_by_password_and_code_alone(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    let code = app.code(&step).await;
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let session = browser.type_code(&spaced).await.signed_in();
    assert!(session.person.privileged && !session.password_change_required);
    assert_eq!(browser.step(), None, "the step's cookie is taken away");
    assert_eq!(browser.get(paths::ACCOUNT).await.status, 200);
    assert_eq!(app.results_of("sign_in").await, ["second_step_due", "success"]);
    assert_eq!(app.results_of("code_sent").await, ["success"]);
    let trail = app.trail().await;
    assert_eq!(trail.last().unwrap().factor, "email_code");
    let again = browser.type_code(&code).await;
    again.refused(401, ErrorCode::SecondStepEnded);
}

async fn until_the_code_nothing_is_open_and_no_sign_in_is_recorded(database: TestDatabase) {
    let app = App::start(database).await;
    let account = chief(&app).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    assert_eq!(browser.cookie(), None, "no session's cookie");
    assert!(!browser.is_signed_in().await);
    for path in [paths::ACCOUNT, paths::SERVICES] {
        browser.get(path).await.refused(401, ErrorCode::SessionRequired);
    }
    // The step's token is none of a session's, under whatever name it comes.
    let token = browser.step().unwrap().split_once('=').unwrap().1.to_owned();
    for name in ["portique", "__Host-portique"] {
        browser.hold(Some(format!("{name}={token}")));
        assert!(!browser.is_signed_in().await);
    }
    assert_eq!(
        app.reread(&account).await.last_sign_in_at,
        account.last_sign_in_at
    );
}

async fn anybody_may_ask_for_the_second_step(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let body = json!({ "identifier": "jeanne.lefevre", "password": PASSWORD, "strong": true });
    let step = step(&browser.post(paths::SESSION, &body).await);
    let code = app.code(&step).await;
    browser.type_code(&code).await.signed_in();
    let without = app.browser("paca");
    without.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
}

async fn a_rescue_address_gets_the_code_and_the_page_says_so_as_the_guide_does(database: TestDatabase) {
    let app = App::demo(database).await;
    let mut account = app.draft("paca", "chef").await;
    account.record.privileges = Privileges::new([Privilege::PatientData]);
    account.record.rescue_email = Some(EmailAddress::parse("elise@orange.fr").unwrap());
    account.record.rescue_phone = None;
    app.insert(&account).await;
    let step = waiting(&app.browser("paca")).await;
    let [place] = &step.destinations[..] else {
        panic!("one place: {:?}", step.destinations)
    };
    assert_eq!(
        (place.kind, place.masked.as_str()),
        (Destination::RescueEmail, "exxxxxx@oxxx.fr")
    );
    let sent = step.sent.as_ref().unwrap();
    let mail = crate::recovery::mail(&app, "elise@orange.fr", 1).await;
    let code = app.code(&step).await;
    assert!(mail.contains(&format!("    {code}\n")), "{mail}");
    let spoken = format!("{}-{}", &sent.reference[..4], &sent.reference[4..]);
    assert!(mail.contains(&spoken), "{mail}");
}

async fn the_page_is_shown_again_as_it_was(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    let again: SecondStepView = look(&browser).await.ok();
    assert_eq!(again, step);
    app.clock.advance(20);
    let later: SecondStepView = look(&browser).await.ok();
    assert_eq!(later.sent.unwrap().resend_after, 10);
    app.clock.advance(15 * 60 - 20);
    look(&browser).await.refused(401, ErrorCode::SecondStepEnded);
    let stranger = app.browser("paca");
    look(&stranger).await.refused(401, ErrorCode::SecondStepEnded);
}

async fn a_provisional_password_of_a_privileged_person_asks_for_the_code_first(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", "chef").await;
    account.record.privileges = Privileges::new([Privilege::Administrator]);
    account.password = PasswordState::Provisional {
        hash: app.hash(PASSWORD).await,
        expires_at: app.now() + jiff::SignedDuration::from_hours(72),
    };
    app.insert(&account).await;
    let browser = app.browser("paca");
    let session = browser.sign_in_fully("chef", PASSWORD).await;
    assert!(session.password_change_required);
    let changed = browser.change_password("chef", PASSWORD, NEW_PASSWORD).await;
    assert!(!changed.signed_in().password_change_required);
}

async fn a_wrong_password_is_refused_the_same_whoever_would_be_asked_for_a_code(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let chiefs = browser.sign_in("chef", "wrong").await;
    let nobodys = browser.sign_in("personne", "wrong").await;
    chiefs.refused(401, ErrorCode::CredentialsRefused);
    assert_eq!(chiefs.without_id(), nobodys.without_id());
}

async fn what_ends_sessions_ends_sign_ins_that_wait(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let elsewhere = app.browser("paca");
    elsewhere.sign_in_fully("chef", PASSWORD).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    let code = app.code(&step).await;
    elsewhere
        .change_password("chef", PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    browser
        .type_code(&code)
        .await
        .refused(401, ErrorCode::SecondStepEnded);
    let step = crate::second_step::step(&browser.sign_in("chef", NEW_PASSWORD).await);
    let code = app.code(&step).await;
    app.disable_everybody().await;
    browser
        .type_code(&code)
        .await
        .refused(401, ErrorCode::SecondStepEnded);
}

async fn given_up_it_ends(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    let held = browser.step();
    assert_eq!(browser.delete(paths::SECOND_STEP).await.status, 204);
    assert_eq!(browser.step(), None);
    browser.hold_step(held);
    let code = app.code(&step).await;
    browser
        .type_code(&code)
        .await
        .refused(401, ErrorCode::SecondStepEnded);
}

async fn another_persons_sign_in_and_a_sign_out_leave_none_waiting_in_the_browser(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for signs_out in [false, true] {
        waiting(&browser).await;
        let held = browser.step();
        if signs_out {
            browser.sign_out().await;
        } else {
            browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
        }
        assert_eq!(browser.step(), None);
        browser.hold_step(held);
        look(&browser).await.refused(401, ErrorCode::SecondStepEnded);
        browser.hold_step(None);
    }
}

async fn a_corrected_address_ends_sign_ins_whose_code_went_to_the_older_one(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    for correction in [
        ["--email", "chef@ailleurs.example"],
        ["--rescue-email", "chef@maison.example"],
    ] {
        let browser = app.browser("paca");
        waiting(&browser).await;
        let file = app.installation.file();
        let update = ["account", "update", "--portal", "paca", "--identifier", "chef"];
        let ran = portique(&[&["--config", file.to_str().unwrap()][..], &update, &correction].concat());
        assert!(ran.ok, "{}", ran.err);
        look(&browser).await.refused(401, ErrorCode::SecondStepEnded);
    }
}

async fn a_code_of_one_sign_in_opens_no_other(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let (mine, thiefs) = (app.browser("paca"), app.browser("paca"));
    let step = waiting(&mine).await;
    waiting(&thiefs).await;
    let code = app.code(&step).await;
    refused_for(&thiefs.type_code(&code).await, &FieldReason::WrongCode);
    mine.type_code(&code).await.signed_in();
}
