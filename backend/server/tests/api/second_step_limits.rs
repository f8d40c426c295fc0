//! One-time codes: how long, how often, how many tries.

use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::second_step::SecondStepView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::recovery::{lost_password, mails, tokens};
use crate::second_step::{chief, look, refused_for, step, waiting};
use crate::support::{Answer, App, Browser, NEW_PASSWORD, PASSWORD, eventually};

on_each_database!(
    a_code_is_good_for_five_minutes,
    five_wrong_codes_use_one_up_and_another_does_not_begin_the_count_anew,
    a_slip_of_the_fingers_is_no_try,
    another_code_is_sent_after_thirty_seconds_and_the_one_before_dies,
    a_mailbox_is_not_flooded_by_who_has_the_password,
    a_new_password_by_a_link_gives_back_the_codes_that_a_thief_had_sent,
    a_right_code_clears_what_was_counted,
    one_person_who_is_sent_away_again_and_again_stops_no_one_elses_code,
    of_fifty_right_codes_at_one_instant_one_signs_in,
    however_many_codes_are_tried_few_are_judged,
    a_code_goes_nowhere_else_than_the_account_says,
);

async fn send(browser: &Browser<'_>, to: &str) -> Answer {
    browser
        .post(paths::SECOND_STEP_SENDING, &json!({ "to": to }))
        .await
}

/// A code that is not `code`.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn a_code_is_good_for_five_minutes(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    for (seconds, good) in [(299, true), (300, false)] {
        let browser = app.browser("paca");
        let code = app.code(&waiting(&browser).await).await;
        app.clock.advance(seconds);
        let answer = browser.type_code(&code).await;
        if good {
            answer.signed_in();
        } else {
            refused_for(&answer, &FieldReason::CodeSpent);
            let shown: SecondStepView = look(&browser).await.ok();
            assert_eq!(shown.sent.unwrap().expires_in, 0);
        }
    }
}

async fn five_wrong_codes_use_one_up_and_another_does_not_begin_the_count_anew(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let code = app.code(&waiting(&browser).await).await;
    let wrong = other_than(&code);
    for _ in 0..4 {
        refused_for(&browser.type_code(wrong).await, &FieldReason::WrongCode);
    }
    refused_for(&browser.type_code(wrong).await, &FieldReason::CodeSpent);
    let waits = browser.type_code(&code).await;
    waits.refused(429, ErrorCode::TooManyAttempts);
    app.clock.advance(60);
    refused_for(&browser.type_code(&code).await, &FieldReason::CodeSpent);
    let another: SecondStepView = send(&browser, "email").await.ok();
    let wrong = other_than(&app.code(&another).await);
    refused_for(&browser.type_code(wrong).await, &FieldReason::WrongCode);
    let right = app.code(&another).await;
    browser
        .type_code(&right)
        .await
        .refused(429, ErrorCode::TooManyAttempts);
    app.clock.advance(2 * 60);
    browser.type_code(&right).await.signed_in();
    let results = app.results_of("sign_in").await;
    assert_eq!(
        results,
        [
            "second_step_due",
            "wrong_code",
            "wrong_code",
            "wrong_code",
            "wrong_code",
            "wrong_code",
            "throttled",
            "code_spent",
            "wrong_code",
            "throttled",
            "success"
        ]
    );
}

async fn a_slip_of_the_fingers_is_no_try(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let code = app.code(&waiting(&browser).await).await;
    for text in ["12345", "1234567", "abcdef", "12 34 5", "1"] {
        for _ in 0..3 {
            refused_for(&browser.type_code(text).await, &FieldReason::Malformed);
        }
    }
    browser.type_code(&code).await.signed_in();
}

async fn another_code_is_sent_after_thirty_seconds_and_the_one_before_dies(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let first = waiting(&browser).await;
    let old = app.code(&first).await;
    app.clock.advance(29);
    let problem = send(&browser, "email")
        .await
        .refused(429, ErrorCode::TooManyRequests);
    assert_eq!(problem.retry_after, Some(1));
    app.clock.advance(1);
    let second: SecondStepView = send(&browser, "email").await.ok();
    let new = app.code(&second).await;
    assert_ne!(second.sent, first.sent);
    if old != new {
        refused_for(&browser.type_code(&old).await, &FieldReason::WrongCode);
    }
    browser.type_code(&new).await.signed_in();
}

async fn a_mailbox_is_not_flooded_by_who_has_the_password(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let thief = app.browser("paca");
    let mut sent = 0;
    for _ in 0..40 {
        sent += u32::from(waiting(&thief).await.sent.is_some());
    }
    assert_eq!(sent, 10, "then each waits for its minutes");
    let last = waiting(&thief).await;
    assert_eq!(last.sent, None);
    send(&thief, "email")
        .await
        .refused(429, ErrorCode::TooManyRequests);
    app.clock.advance(60);
    let person = waiting(&app.browser("paca")).await;
    assert!(person.sent.is_some(), "and the person gets one after a minute");
}

async fn a_new_password_by_a_link_gives_back_the_codes_that_a_thief_had_sent(database: TestDatabase) {
    let app = App::demo(database).await;
    let account = chief(&app).await;
    let thief = app.browser("paca");
    while waiting(&thief).await.sent.is_some() {}
    let person = app.browser("paca");
    let address = account.record.email.as_str();
    lost_password(&person, address).await;
    let token = eventually("the link", async || {
        app.let_the_queue_work();
        let mails = mails(&app, address, 1).await;
        mails
            .iter()
            .flat_map(|mail| tokens(mail["text"].as_str().unwrap()))
            .next()
    })
    .await;
    let body = json!({ "token": token, "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
    assert_eq!(person.put(paths::LINK_PASSWORD, &body).await.status, 204);
    person.sign_in_fully("chef", NEW_PASSWORD).await;
}

async fn a_right_code_clears_what_was_counted(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    for _ in 0..12 {
        let code = app.code(&waiting(&browser).await).await;
        refused_for(
            &browser.type_code(other_than(&code)).await,
            &FieldReason::WrongCode,
        );
        browser.type_code(&code).await.signed_in();
    }
}

async fn one_person_who_is_sent_away_again_and_again_stops_no_one_elses_code(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    app.jeanne().await;
    let greedy = app.browser("paca");
    while waiting(&greedy).await.sent.is_some() {}
    let nearly = "UPDATE throttles SET failures = 599 WHERE kind = 'code_portal'";
    assert_eq!(app.database.run_by_hand(nearly).await.unwrap(), 1);
    for _ in 0..5 {
        let away = send(&greedy, "email").await;
        away.refused(429, ErrorCode::TooManyRequests);
    }
    let body = json!({ "identifier": "jeanne.lefevre", "password": PASSWORD, "strong": true });
    let other = step(&app.browser("paca").post(paths::SESSION, &body).await);
    assert!(other.sent.is_some());
}

async fn of_fifty_right_codes_at_one_instant_one_signs_in(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let code = app.code(&waiting(&browser).await).await;
    let body = json!({ "code": code });
    let statuses = browser
        .fifty_at_once(Method::POST, paths::SECOND_STEP, &body)
        .await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    let others = statuses.iter().filter(|status| **status != 200);
    assert!(
        others.clone().all(|status| matches!(status, 401 | 429)),
        "{statuses:?}"
    );
}

async fn however_many_codes_are_tried_few_are_judged(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    let code = app.code(&waiting(&browser).await).await;
    let mut judged = 0;
    let guesses: Vec<_> = (0..)
        .map(|number| format!("{number:06}"))
        .filter(|guess| *guess != code)
        .take(10_000)
        .collect();
    for many in guesses.chunks(100) {
        // A hundred at one instant, so that none waits for what became of another.
        let sent = many.iter().map(|guess| {
            let request = browser.request(Method::POST, paths::SECOND_STEP);
            tokio::spawn(request.json(&json!({ "code": guess })).send())
        });
        for answer in sent.collect::<Vec<_>>() {
            let status = answer.await.unwrap().unwrap().status().as_u16();
            judged += u32::from(status == 422);
            assert!(matches!(status, 422 | 429), "{status}");
        }
    }
    assert_eq!(judged, 5);
    let right = browser.type_code(&code).await;
    right.refused(429, ErrorCode::TooManyAttempts);
    // Another sign-in of who has the password begins no count anew.
    let again = app.browser("paca");
    let code = app.code(&waiting(&again).await).await;
    again
        .type_code(&code)
        .await
        .refused(429, ErrorCode::TooManyAttempts);
}

async fn a_code_goes_nowhere_else_than_the_account_says(database: TestDatabase) {
    let app = App::start(database).await;
    chief(&app).await;
    let browser = app.browser("paca");
    browser.sign_in("chef", PASSWORD).await;
    app.clock.advance(30);
    for to in ["rescue_email", "rescue_phone"] {
        let problem = send(&browser, to).await.refused(422, ErrorCode::ValidationFailed);
        assert_eq!(problem.fields[0].field, "to");
    }
    send(&browser, "elsewhere")
        .await
        .refused(400, ErrorCode::InvalidRequest);
}
