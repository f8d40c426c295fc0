//! Codes that prove a rescue address: how long, how many tries, how often, and to whom.

use portique_shared::api::contacts::ContactsView;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::contacts::{NEW, code, confirm, look, refused_for, update};
use crate::security::{prove, proved};
use crate::support::{Answer, App, Browser, PASSWORD};

on_each_database!(
    a_code_is_good_for_five_minutes_and_another_one_after_thirty_seconds,
    five_wrong_codes_use_one_up_and_another_address_does_not_begin_the_count_anew,
    a_code_is_good_for_its_own_change_alone,
    of_fifty_right_codes_at_one_instant_one_counts,
    however_many_codes_are_tried_few_are_judged,
    nobody_has_strangers_written_to_at_will,
    one_stranger_is_not_written_to_by_many,
    who_reads_there_gets_their_share_back,
    a_form_that_names_nothing_new_sends_no_code,
);

async fn send(browser: &Browser<'_>) -> Answer {
    browser
        .post(paths::CONTACTS_SENDING, &json!({ "kind": "rescue_email" }))
        .await
}

/// A code that is not `code`.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn a_code_is_good_for_five_minutes_and_another_one_after_thirty_seconds(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let first: ContactsView = update(&browser, NEW).await.ok();
    let old = code(&app, &first).await;
    app.clock.advance(29);
    let problem = send(&browser).await.refused(429, ErrorCode::TooManyRequests);
    assert_eq!(problem.retry_after, Some(1));
    app.clock.advance(1);
    let second: ContactsView = send(&browser).await.ok();
    let new = code(&app, &second).await;
    if old != new {
        refused_for(&confirm(&browser, &old).await, "code", &FieldReason::WrongCode);
    }
    app.clock.advance(300);
    refused_for(&confirm(&browser, &new).await, "code", &FieldReason::CodeSpent);
    let view = look(&browser).await;
    assert_eq!(view.pending[0].sent.as_ref().unwrap().expires_in, 0);
    let third: ContactsView = send(&browser).await.ok();
    app.clock.advance(299);
    let last = code(&app, &third).await;
    confirm(&browser, &last).await.ok::<ContactsView>();
}

async fn five_wrong_codes_use_one_up_and_another_address_does_not_begin_the_count_anew(
    database: TestDatabase,
) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    let right = code(&app, &view).await;
    for _ in 0..4 {
        let answer = confirm(&browser, other_than(&right)).await;
        refused_for(&answer, "code", &FieldReason::WrongCode);
    }
    let fifth = confirm(&browser, other_than(&right)).await;
    refused_for(&fifth, "code", &FieldReason::CodeSpent);
    let blocked = confirm(&browser, &right).await;
    blocked.refused(429, ErrorCode::TooManyAttempts);
    let view: ContactsView = update(&browser, "other@ailleurs.example").await.ok();
    let right = code(&app, &view).await;
    let blocked = confirm(&browser, &right).await;
    blocked.refused(429, ErrorCode::TooManyAttempts);
    app.clock.advance(60);
    confirm(&browser, &right).await.ok::<ContactsView>();
}

async fn a_code_is_good_for_its_own_change_alone(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let mine: ContactsView = update(&browser, NEW).await.ok();
    let my_code = code(&app, &mine).await;
    let strangers: ContactsView = update(&browser, "stranger@ailleurs.example").await.ok();
    let theirs = code(&app, &strangers).await;
    if my_code != theirs {
        let answer = confirm(&browser, &my_code).await;
        refused_for(&answer, "code", &FieldReason::WrongCode);
    }
    app.create("paca", "paul").await;
    let other = app.browser("paca");
    other.sign_in("paul", PASSWORD).await.signed_in();
    confirm(&other, &theirs)
        .await
        .refused(409, ErrorCode::ContactChangeEnded);
}

async fn of_fifty_right_codes_at_one_instant_one_counts(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    let body = json!({ "kind": "rescue_email", "code": code(&app, &view).await });
    let path = paths::CONTACTS_CONFIRMATION;
    let statuses = browser.fifty_at_once(Method::POST, path, &body).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    let mut others = statuses.iter().filter(|status| **status != 200);
    assert!(others.all(|status| matches!(status, 409 | 429)), "{statuses:?}");
    let told = app.queue().await;
    let told = told.iter().filter(|message| message.kind == "security_changed");
    assert_eq!(told.count(), 1, "told once, at the one address that there was");
    assert_eq!(
        app.results_of("contact_changed")
            .await
            .iter()
            .filter(|result| *result == "success")
            .count(),
        1
    );
}

async fn however_many_codes_are_tried_few_are_judged(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    let right = code(&app, &view).await;
    let mut judged = 0;
    for number in (0..).filter(|number| format!("{number:06}") != right).take(100) {
        let answer = confirm(&browser, &format!("{number:06}")).await;
        judged += u32::from(answer.status == 422);
        assert!(matches!(answer.status, 422 | 429), "{}", answer.text());
    }
    assert_eq!(judged, 5);
}

async fn nobody_has_strangers_written_to_at_will(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let mut sent = 0;
    for (minutes, expected) in [(0, 5), (1, 6), (2, 7), (4, 8)] {
        app.wait_minutes(minutes);
        for _ in 0..10 {
            let address = format!("stranger{sent}@ailleurs.example");
            let answer = update(&browser, &address).await;
            if answer.status != 200 {
                answer.refused(429, ErrorCode::TooManyRequests);
                break;
            }
            sent += 1;
        }
        assert_eq!(sent, expected, "the pause doubles");
    }
    let queue = app.queue().await;
    let codes = queue.iter().filter(|message| message.kind == "contact_code");
    assert_eq!(codes.count(), 8);
    let results = app.results_of("contact_code_sent").await;
    assert_eq!(results.iter().filter(|result| *result == "throttled").count(), 4);
}

/// `person<number>`, signed in, who has just proved who they are.
async fn another(app: &App, number: u32) -> Browser<'_> {
    let name = format!("person{number}");
    app.create("paca", &name).await;
    let browser = app.browser("paca");
    browser.sign_in(&name, PASSWORD).await.signed_in();
    prove(&browser).await;
    browser
}

async fn one_stranger_is_not_written_to_by_many(database: TestDatabase) {
    let app = App::start(database).await;
    for number in 0..6 {
        let address = format!("stranger+{number}@ailleurs.example");
        let view: ContactsView = update(&another(&app, number).await, &address).await.ok();
        assert!(view.pending[0].sent.is_some());
    }
    let seventh = update(&another(&app, 6).await, "stranger@ailleurs.example").await;
    seventh.refused(429, ErrorCode::TooManyRequests);
    let elsewhere = update(&another(&app, 7).await, NEW).await;
    elsewhere.ok::<ContactsView>();
}

async fn who_reads_there_gets_their_share_back(database: TestDatabase) {
    let app = App::start(database).await;
    for number in 0..8 {
        let browser = another(&app, number).await;
        let view: ContactsView = update(&browser, "equipe@ailleurs.example").await.ok();
        confirm(&browser, &code(&app, &view).await)
            .await
            .ok::<ContactsView>();
    }
}

async fn a_form_that_names_nothing_new_sends_no_code(database: TestDatabase) {
    let app = App::start(database).await;
    let (_, browser) = proved(&app).await;
    let view: ContactsView = update(&browser, NEW).await.ok();
    app.clock.advance(31);
    let same: ContactsView = browser.put(paths::CONTACTS, &json!({})).await.ok();
    assert_eq!(same.pending.len(), 1, "what waits goes on waiting");
    let codes = app.queue().await.into_iter();
    assert_eq!(codes.filter(|message| message.kind == "contact_code").count(), 1);
    confirm(&browser, &code(&app, &view).await)
        .await
        .ok::<ContactsView>();
}
