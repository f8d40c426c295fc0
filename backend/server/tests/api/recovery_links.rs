use portique_shared::api::account::PasswordVerdict;
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldReason};
use portique_shared::api::recovery::{LinkState, LinkView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::recovery::{mail, mails, tokens};
use crate::support::{Answer, App, Browser, NEW_PASSWORD};

on_each_database!(
    a_link_sets_a_new_password_once_and_signs_nobody_in,
    a_reset_ends_every_session_and_is_told_to_both_addresses,
    looking_at_a_link_consumes_nothing,
    a_link_ends_after_24_hours,
    a_newer_link_takes_the_older_ones_place,
    a_link_of_one_portal_opens_nothing_on_another,
    normandie_asks_for_the_identifier_and_makes_who_guesses_it_wait,
    links_that_open_nothing_are_counted_and_stop_no_good_one,
    passwords_judged_by_one_link_are_counted,
    wrong_passwords_at_the_door_do_not_stop_a_reset,
    the_link_of_a_disabled_account_is_as_none,
    what_is_wrong_with_the_new_password_costs_no_link,
    of_fifty_uses_of_one_link_at_one_instant_one_wins,
);

pub const ADDRESS: &str = "praticien@demo.example";
pub const SAMPLE_PASSWORD: &str = "Portique#2026";

/// A link of the practitioner's on paca, the `count`th mail to them.
pub async fn token(app: &App, count: usize) -> String {
    let body = json!({ "subject": ADDRESS });
    let answer = app.browser("paca").post(paths::RECOVERY_PASSWORD, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    tokens(&mail(app, ADDRESS, count).await).remove(0)
}

pub async fn look(browser: &Browser<'_>, token: &str) -> LinkView {
    browser.post(paths::LINK, &json!({ "token": token })).await.ok()
}

pub async fn reset(browser: &Browser<'_>, token: &str, new: &str) -> Answer {
    let body = json!({ "token": token, "new_password": new, "confirmation": new });
    browser.put(paths::LINK_PASSWORD, &body).await
}

async fn a_link_sets_a_new_password_once_and_signs_nobody_in(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    let view = look(&browser, &token).await;
    assert_eq!(view.state, LinkState::Good);
    assert_eq!(view.identifier.as_deref(), Some("praticien"));
    let done = reset(&browser, &token, NEW_PASSWORD).await;
    assert_eq!(done.status, 204, "{}", done.text());
    assert!(!browser.is_signed_in().await);
    let old = browser.sign_in("praticien", SAMPLE_PASSWORD).await;
    old.refused(401, ErrorCode::CredentialsRefused);
    browser.sign_in("praticien", NEW_PASSWORD).await.signed_in();
    let again = reset(&browser, &token, SAMPLE_PASSWORD).await;
    again.refused(410, ErrorCode::LinkSpent);
    assert_eq!(look(&browser, &token).await.state, LinkState::Used);
    assert_eq!(app.results_of("password_reset").await, ["success", "link_spent"]);
}

async fn a_reset_ends_every_session_and_is_told_to_both_addresses(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    browser.sign_in("praticien", SAMPLE_PASSWORD).await.signed_in();
    let token = token(&app, 1).await;
    let elsewhere = app.browser("paca");
    assert_eq!(reset(&elsewhere, &token, NEW_PASSWORD).await.status, 204);
    assert!(!browser.is_signed_in().await);
    assert!(mail(&app, ADDRESS, 2).await.contains("pris en compte"));
    let rescue = mail(&app, "praticien@secours.example", 1).await;
    assert!(rescue.contains("pris en compte"), "{rescue}");
}

async fn looking_at_a_link_consumes_nothing(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    for _ in 0..3 {
        assert_eq!(look(&browser, &token).await.state, LinkState::Good);
        assert_eq!(browser.get(paths::LINK).await.status, 405);
    }
    let body = json!({ "token": token, "new_password": "Praticien#2026" });
    let verdict: PasswordVerdict = browser.post(paths::LINK_PASSWORD_CHECK, &body).await.ok();
    assert!(verdict.blocklisted.is_some(), "it knows whose it is");
    assert_eq!(reset(&browser, &token, NEW_PASSWORD).await.status, 204);
}

async fn a_link_ends_after_24_hours(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    app.wait_minutes(24 * 60 - 1);
    assert_eq!(look(&browser, &token).await.state, LinkState::Good);
    app.wait_minutes(1);
    assert_eq!(look(&browser, &token).await.state, LinkState::Expired);
    let late = reset(&browser, &token, NEW_PASSWORD).await;
    late.refused(410, ErrorCode::LinkSpent);
    assert_eq!(look(&browser, "0123").await.state, LinkState::Unknown);
}

async fn a_newer_link_takes_the_older_ones_place(database: TestDatabase) {
    let app = App::demo(database).await;
    let older = token(&app, 1).await;
    let newer = token(&app, 2).await;
    let browser = app.browser("paca");
    assert_eq!(look(&browser, &older).await.state, LinkState::Replaced);
    reset(&browser, &older, NEW_PASSWORD)
        .await
        .refused(410, ErrorCode::LinkSpent);
    assert_eq!(reset(&browser, &newer, NEW_PASSWORD).await.status, 204);
}

async fn a_link_of_one_portal_opens_nothing_on_another(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    assert_eq!(look(&app.browser("aura"), &token).await.state, LinkState::Unknown);
}

async fn normandie_asks_for_the_identifier_and_makes_who_guesses_it_wait(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("normandie");
    let captcha = browser.proof().await;
    let body = json!({ "subject": "praticien", "captcha": captcha });
    let answer = browser.post(paths::RECOVERY_PASSWORD, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    app.let_the_queue_work();
    let all = crate::support::eventually("the link", async || {
        let all: Vec<serde_json::Value> = app.browser("neutral").get("/demo/messages").await.ok();
        all.first()
            .map(|mail| mail["text"].as_str().unwrap_or_default().to_owned())
    })
    .await;
    let token = tokens(&all).remove(0);
    assert_eq!(look(&browser, &token).await.identifier, None, "it is asked for");
    let with = |identifier: &str| json!({ "token": token, "identifier": identifier, "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
    for _ in 0..5 {
        let answer = browser.put(paths::LINK_PASSWORD, &with("mobile")).await;
        let problem = answer.refused(422, ErrorCode::ValidationFailed);
        assert_eq!(problem.fields[0].reason, FieldReason::OtherIdentifier);
    }
    let sixth = browser.put(paths::LINK_PASSWORD, &with("mobile")).await;
    sixth.refused(429, ErrorCode::TooManyRequests);
    let guessed = browser.put(paths::LINK_PASSWORD, &with("PRATICIEN")).await;
    guessed.refused(429, ErrorCode::TooManyRequests);
    app.wait_minutes(1);
    let right = browser.put(paths::LINK_PASSWORD, &with("PRATICIEN")).await;
    assert_eq!(right.status, 204, "{}", right.text());
}

async fn wrong_passwords_at_the_door_do_not_stop_a_reset(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    for _ in 0..6 {
        browser.sign_in("praticien", "wrong").await;
    }
    let token = token(&app, 1).await;
    assert_eq!(reset(&browser, &token, NEW_PASSWORD).await.status, 204);
    browser.sign_in("praticien", NEW_PASSWORD).await.signed_in();
}

async fn the_link_of_a_disabled_account_is_as_none(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    app.disable_everybody().await;
    let browser = app.browser("paca");
    assert_eq!(look(&browser, &token).await.state, LinkState::Unknown);
    let answer = reset(&browser, &token, NEW_PASSWORD).await;
    answer.refused(410, ErrorCode::LinkSpent);
}

async fn what_is_wrong_with_the_new_password_costs_no_link(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    let body = json!({ "token": token, "new_password": "xK9#qWv", "confirmation": "autre" });
    let answer = browser.put(paths::LINK_PASSWORD, &body).await;
    let problem = answer.refused(422, ErrorCode::ValidationFailed);
    let fields: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["new_password", "confirmation"]);
    assert_eq!(reset(&browser, &token, NEW_PASSWORD).await.status, 204);
}

async fn of_fifty_uses_of_one_link_at_one_instant_one_wins(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    let body = json!({ "token": token, "new_password": NEW_PASSWORD, "confirmation": NEW_PASSWORD });
    let statuses = browser
        .fifty_at_once(Method::PUT, paths::LINK_PASSWORD, &body)
        .await;
    let won = statuses.iter().filter(|status| **status == 204).count();
    assert_eq!(won, 1, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [204, 410, 503].contains(status)),
        "spent, or too much hashing at once: {statuses:?}"
    );
    assert_eq!(
        mails(&app, ADDRESS, 2).await.len(),
        2,
        "the link and one confirmation"
    );
}

/// Sets what was counted under one kind of limit, so that a test need not ask so often.
async fn count(app: &App, kind: &str, failures: u32) {
    let counted = format!("UPDATE throttles SET failures = {failures} WHERE kind = '{kind}'");
    assert_eq!(app.database.run_by_hand(&counted).await.unwrap(), 1, "{kind}");
}

async fn links_that_open_nothing_are_counted_and_stop_no_good_one(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    let token = token(&app, 1).await;
    let wrong = json!({ "token": "0".repeat(64) });
    let view: LinkView = browser.post(paths::LINK, &wrong).await.ok();
    assert_eq!(view.state, LinkState::Unknown);
    count(&app, "link_address", 59).await;
    browser.post(paths::LINK, &wrong).await.ok::<LinkView>();
    let over = browser.post(paths::LINK, &wrong).await;
    over.refused(429, ErrorCode::TooManyRequests);
    assert_eq!(look(&browser, &token).await.state, LinkState::Good);
    assert_eq!(reset(&browser, &token, NEW_PASSWORD).await.status, 204);
}

async fn passwords_judged_by_one_link_are_counted(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    let token = token(&app, 1).await;
    let body = json!({ "token": token, "new_password": NEW_PASSWORD });
    browser
        .post(paths::LINK_PASSWORD_CHECK, &body)
        .await
        .ok::<PasswordVerdict>();
    count(&app, "link_use", 499).await;
    browser
        .post(paths::LINK_PASSWORD_CHECK, &body)
        .await
        .ok::<PasswordVerdict>();
    let over = browser.post(paths::LINK_PASSWORD_CHECK, &body).await;
    over.refused(429, ErrorCode::TooManyRequests);
    assert_eq!(
        look(&browser, &token).await.state,
        LinkState::Good,
        "looking is free"
    );
}
