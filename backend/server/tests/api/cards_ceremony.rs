//! A card's ceremony: for whom it is good, how often and how long, and where it leads.

use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::cards::{NUMBER, numbered, sign_in, signed_in, start, with_cards};
use crate::support::cards::{HEADER, answer, begin, go, header, show};
use crate::support::{Browser, PASSWORD};

on_each_database!(
    a_ceremony_is_good_for_one_answer_five_minutes_one_browser_and_one_portal,
    a_card_is_shown_once,
    where_the_person_meant_to_go_is_handed_on_where_it_is_a_plain_path,
    of_fifty_answers_at_one_instant_one_signs_in,
    ceremonies_are_begun_so_often_and_no_more,
    answers_that_nobody_was_given_are_counted_apart_from_wrong_passwords,
    a_ceremonys_cookie_is_its_portals_alone_and_ends_with_it,
);

async fn a_ceremony_is_good_for_one_answer_five_minutes_one_browser_and_one_portal(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let shown = async |browser: &Browser<'_>| {
        let ceremony = begin(browser, paths::CARD_SIGN_IN).await;
        show(&app, &ceremony, NUMBER).await
    };
    let redeem = async |browser: &Browser<'_>, token: &str| {
        let refused = answer(browser, paths::CARD_SIGN_IN_ANSWER, token).await;
        refused.refused(409, ErrorCode::CardCeremonyEnded);
    };
    let browser = app.browser("normandie");
    // Once.
    let token = shown(&browser).await;
    let held = browser.card();
    signed_in(&answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await);
    browser.hold_card(held);
    redeem(&browser, &token).await;
    // By the browser that began: not by one that has the token alone, which uses it up, nor by one that began another.
    let token = shown(&browser).await;
    redeem(&app.browser("normandie"), &token).await;
    redeem(&browser, &token).await;
    let token = shown(&browser).await;
    let other = app.browser("normandie");
    begin(&other, paths::CARD_SIGN_IN).await;
    redeem(&other, &token).await;
    // On its portal.
    let token = shown(&browser).await;
    let elsewhere = app.browser("aura");
    elsewhere.hold_card(browser.card());
    redeem(&elsewhere, &token).await;
    // With the token, and not the ceremony's name, or anything else.
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    show(&app, &ceremony, NUMBER).await;
    for guessed in [ceremony.trim_start_matches("/card/"), "-", &"0".repeat(64)] {
        redeem(&browser, guessed).await;
    }
    // In time.
    let token = shown(&browser).await;
    app.wait_minutes(5);
    redeem(&browser, &token).await;
    // For what it was begun for.
    let signed = app.browser("normandie");
    signed_in(&sign_in(&signed, NUMBER).await);
    let token = shown(&signed).await;
    let proof = answer(&signed, paths::CARD_PROOF_ANSWER, &token).await;
    proof.refused(409, ErrorCode::CardCeremonyEnded);
    assert!(with_cards(&app).await.contains(&"ceremony_spent".to_owned()));
}

async fn a_card_is_shown_once(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    let shown = go(&app, &ceremony, &[(HEADER, &header(NUMBER))]).await;
    let portals = format!("https://normandie.example/sign-in/card#{}", shown.token());
    assert_eq!(shown.location(), portals);
    assert_eq!(shown.headers["connection"], "close");
    assert_eq!(shown.headers["cache-control"], "no-store");
    assert_eq!(shown.headers["referrer-policy"], "no-referrer");
    assert!(shown.headers.contains_key("strict-transport-security"));
    assert_eq!(show(&app, &ceremony, "10000000074").await, "-");
    signed_in(&answer(&browser, paths::CARD_SIGN_IN_ANSWER, &shown.token()).await);
    // Neither is one whose time is over, or that nobody began.
    let late = begin(&browser, paths::CARD_SIGN_IN).await;
    app.wait_minutes(5);
    assert_eq!(show(&app, &late, NUMBER).await, "-");
    assert_eq!(show(&app, "/card/normandie/00", NUMBER).await, "-");
    // Nor under the name of another portal, which it leads back to.
    let another = begin(&browser, paths::CARD_SIGN_IN).await;
    let renamed = another.replace("normandie", "aura");
    let shown = go(&app, &renamed, &[(HEADER, &header(NUMBER))]).await;
    assert_eq!(shown.location(), "https://aura.example/sign-in/card#-");
    assert_eq!(show(&app, &another, NUMBER).await.len(), 64);
}

async fn where_the_person_meant_to_go_is_handed_on_where_it_is_a_plain_path(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let back_from = async |query: &str| {
        let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
        let shown = go(&app, &[&ceremony, query].concat(), &[(HEADER, &header(NUMBER))]).await;
        let token = shown.token();
        assert_eq!(token.len(), 64, "{query}");
        shown.location().replace(&token, "TOKEN")
    };
    assert_eq!(
        back_from("?return=/account/security").await,
        "https://normandie.example/sign-in/card?return=/account/security#TOKEN"
    );
    for dropped in [
        "",
        "?return=",
        "?return=//evil",
        "?return=https://evil.example",
        "?return=/%2Fevil",
        "?return=/account%0D%0Aset-cookie:a",
        "?return=/account%23",
        "?other=/account",
    ] {
        assert_eq!(
            back_from(dropped).await,
            "https://normandie.example/sign-in/card#TOKEN",
            "{dropped}"
        );
    }
    // Who comes too late still goes there in the end.
    let shown = go(&app, "/card/normandie/00?return=/account", &[]).await;
    assert!(shown.location().ends_with("/sign-in/card?return=/account#-"));
}

async fn of_fifty_answers_at_one_instant_one_signs_in(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
    let token = show(&app, &ceremony, NUMBER).await;
    let body = json!({ "token": token });
    let statuses = browser
        .fifty_at_once(Method::POST, paths::CARD_SIGN_IN_ANSWER, &body)
        .await;
    let signed = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(signed, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 200 | 409 | 429)));
}

async fn ceremonies_are_begun_so_often_and_no_more(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = app.browser("normandie");
    for _ in 0..120 {
        begin(&browser, paths::CARD_SIGN_IN).await;
    }
    let refused = browser.post(paths::CARD_SIGN_IN, &json!({})).await;
    refused.refused(429, ErrorCode::TooManyRequests);
    app.wait_minutes(1);
    begin(&browser, paths::CARD_SIGN_IN).await;
}

async fn answers_that_nobody_was_given_are_counted_apart_from_wrong_passwords(database: TestDatabase) {
    let app = start(database, "").await;
    app.create("normandie", "jeanne.lefevre").await;
    let browser = app.browser("normandie");
    for _ in 0..120 {
        let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, "guess").await;
        refused.refused(409, ErrorCode::CardCeremonyEnded);
    }
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, "guess").await;
    refused.refused(429, ErrorCode::TooManyAttempts);
    browser.sign_in_fully("jeanne.lefevre", PASSWORD).await;
    app.wait_minutes(1);
    let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, "guess").await;
    refused.refused(409, ErrorCode::CardCeremonyEnded);
}

async fn a_ceremonys_cookie_is_its_portals_alone_and_ends_with_it(database: TestDatabase) {
    let app = start(database, "").await;
    let begun = app
        .browser("normandie")
        .post(paths::CARD_SIGN_IN, &json!({}))
        .await;
    let cookie = begun.cookie().expect("a cookie is set");
    assert_eq!(cookie.name, "__Host-portique-card");
    assert_eq!(cookie.value.len(), 64);
    let expected = ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=300", "Secure"];
    assert_eq!(cookie.attributes, expected);
    assert!(
        !begun.text().contains(&cookie.value),
        "the address does not tell it"
    );
}
