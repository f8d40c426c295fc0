//! Anybody can ask for an account with somebody else's address.

use portique_shared::api::account_request::RequestConfirmed;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::{LinkState, LinkView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::recovery::{mails, tokens};
use crate::support::{App, Browser};

on_each_database!(
    the_link_shows_whose_request_it_proves,
    a_strangers_request_takes_no_ones_place_and_its_link_dies_with_the_proof_of_the_other,
    the_same_asked_twice_is_one_request_and_the_newer_link_counts,
);

const ADDRESS: &str = "lea.martin@cabinet.example";

async fn ask(app: &App, given_name: &str) {
    let browser = app.browser("aura");
    let body = json!({ "given_name": given_name, "family_name": "Martin", "profession": "Infirmier",
        "national_id": "", "email": ADDRESS, "consent": true, "captcha": browser.proof().await });
    let answer = browser.post(paths::ACCOUNT_REQUESTS, &body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
}

/// The tokens of the `count` mails that ask to prove the address.
async fn links(app: &App, count: usize) -> Vec<Value> {
    let mails = mails(app, ADDRESS, count).await;
    let text = |mail: &Value| mail["text"].as_str().unwrap().to_owned();
    let tokens = mails.iter().flat_map(|mail| tokens(&text(mail)));
    tokens.map(|token| json!({ "token": token })).collect()
}

async fn look(browser: &Browser<'_>, link: &Value) -> LinkView {
    browser.post(paths::LINK, link).await.ok()
}

/// The given name that a link shows.
async fn name(browser: &Browser<'_>, link: &Value) -> Option<String> {
    let applicant = look(browser, link).await.applicant;
    applicant.map(|applicant| applicant.given_name)
}

async fn the_link_shows_whose_request_it_proves(database: TestDatabase) {
    let app = App::demo(database).await;
    ask(&app, "Léa").await;
    let link = links(&app, 1).await.remove(0);
    let applicant = look(&app.browser("aura"), &link).await.applicant.unwrap();
    assert_eq!(applicant.given_name, "Léa");
    assert_eq!(applicant.family_name, "Martin");
    assert_eq!(applicant.profession, "Infirmier");
    assert_eq!(applicant.national_id, None);
}

async fn a_strangers_request_takes_no_ones_place_and_its_link_dies_with_the_proof_of_the_other(
    database: TestDatabase,
) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    ask(&app, "Léa").await;
    links(&app, 1).await;
    ask(&app, "Mallory").await;
    let both = links(&app, 2).await;
    let mut hers = Vec::new();
    let mut strangers = Vec::new();
    for link in both {
        match name(&browser, &link).await.as_deref() {
            Some("Léa") => hers.push(link),
            Some("Mallory") => strangers.push(link),
            other => panic!("a link of {other:?}"),
        }
    }
    let ([hers], [strangers]) = (&hers[..], &strangers[..]) else {
        panic!("one link for each: {hers:?} {strangers:?}")
    };
    let _: RequestConfirmed = browser.post(paths::ACCOUNT_REQUEST_CONFIRMATION, hers).await.ok();
    let dead = look(&browser, strangers).await;
    assert_eq!((dead.state, dead.applicant), (LinkState::Unknown, None));
    let refused = browser.post(paths::ACCOUNT_REQUEST_CONFIRMATION, strangers).await;
    refused.refused(410, ErrorCode::LinkSpent);
}

async fn the_same_asked_twice_is_one_request_and_the_newer_link_counts(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    ask(&app, "Léa").await;
    let older = links(&app, 1).await.remove(0);
    ask(&app, "Léa").await;
    let newer = links(&app, 2).await.into_iter().find(|link| *link != older);
    assert_eq!(look(&browser, &older).await.state, LinkState::Replaced);
    let newer = look(&browser, &newer.unwrap()).await;
    assert_eq!(newer.state, LinkState::Good);
}
