//! How many cards one account takes, and who gets one that two people attach at one instant.

use portique_domain::card_ceremony::MOST_CARDS;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::SecurityView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::cards::NUMBER;
use crate::cards_attached::{attach, proved, start};
use crate::held_rows::sent;
use crate::security::{JEANNE, security};
use crate::support::cards::{answer, begin, show};

on_each_database!(
    as_many_cards_as_an_account_may_have_are_attached_and_no_more,
    of_two_people_who_attach_one_card_at_one_instant_one_has_it,
);

const NUMBERS: [&str; 6] = [
    "10001000107",
    "10001000206",
    "10001000305",
    "10001000404",
    "10001000503",
    NUMBER,
];

async fn as_many_cards_as_an_account_may_have_are_attached_and_no_more(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    let (last, others) = NUMBERS[..MOST_CARDS].split_last().unwrap();
    for number in others {
        attach(&browser, number).await.ok::<SecurityView>();
    }
    // Two ceremonies begun while there was room for one.
    let [kept, late] = [*last, NUMBER].map(|number| (number, &browser));
    let mut shown = Vec::new();
    for (number, browser) in [kept, late] {
        let ceremony = begin(browser, paths::CARD_CEREMONY).await;
        shown.push((browser.card(), show(&app, &ceremony, number).await));
    }
    for ((cookie, token), expected) in shown.into_iter().zip([200, 409]) {
        browser.hold_card(cookie);
        let answered = answer(&browser, paths::CARDS, &token).await;
        assert_eq!(answered.status, expected);
        if expected == 409 {
            answered.refused(409, ErrorCode::TooManyAuthenticators);
        }
    }
    let begun = browser.post(paths::CARD_CEREMONY, &json!({})).await;
    begun.refused(409, ErrorCode::TooManyAuthenticators);
    let view = security(&browser).await;
    assert_eq!(view.cards.len(), MOST_CARDS);
    // One less makes room again.
    let path = format!("{}/{}", paths::CARDS, view.cards[0].id);
    browser.delete(&path).await.ok::<SecurityView>();
    attach(&browser, NUMBER).await.ok::<SecurityView>();
}

async fn of_two_people_who_attach_one_card_at_one_instant_one_has_it(database: TestDatabase) {
    let app = start(database, "").await;
    let people = [
        proved(&app, JEANNE, None).await,
        proved(&app, "paul.martin", None).await,
    ];
    for number in &NUMBERS[..3] {
        let mut answers = Vec::new();
        for browser in &people {
            let ceremony = begin(browser, paths::CARD_CEREMONY).await;
            let token = show(&app, &ceremony, number).await;
            let body = json!({ "token": token });
            answers.push(browser.request(Method::POST, paths::CARDS).json(&body));
        }
        let answers: Vec<_> = answers.into_iter().map(sent).collect();
        let mut statuses = Vec::new();
        for answer in answers {
            statuses.push(answer.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
    let mut results = app.results_of("factor_added").await;
    results.sort_unstable();
    let expected = [["card_of_another"; 3], ["success"; 3]].concat();
    assert_eq!(results, expected, "whoever came second is in the trail too");
    let mut held = 0;
    for browser in &people {
        held += security(browser).await.cards.len();
    }
    assert_eq!(held, 3);
}
