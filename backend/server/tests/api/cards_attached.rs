//! Cards that people attach to their accounts, and by which they prove anew who they are.

use std::sync::Arc;

use portique_domain::portal::PortalName;
use portique_domain::store::Store as _;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::security::SecurityView;
use portique_shared::api::session::SignInAnswer;
use portique_shared::types::NationalId;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::cards::{NUMBER, sign_in};
use crate::security::{JEANNE, prove, security};
use crate::support::cards::{WordsJudge, answer, begin, by_card, show, take_cards};
use crate::support::{Answer, App, Browser, Installation, PASSWORD};

on_each_database!(
    an_attached_card_signs_in_until_it_is_detached,
    a_card_attached_before_the_record_bore_another_number_opens_nothing,
    attaching_and_detaching_take_a_proof,
    a_card_is_attached_in_the_session_that_began,
    the_card_of_another_account_is_not_attached,
    a_card_of_another_number_than_the_records_is_not_attached,
    another_persons_attached_card_is_none_of_mine,
    a_card_proves_anew_who_one_is_without_a_password,
    another_persons_card_proves_nothing,
    where_a_card_counts_as_one_factor_it_proves_nothing_by_itself,
    the_agency_takes_attached_cards_away_with_the_other_factors,
);

const OTHER_NUMBER: &str = "10000000074";

pub async fn start(database: TestDatabase, lines: &str) -> App {
    let installation = Installation::new(&database.url());
    take_cards(&installation, "paca", lines);
    App::start_judging(database, installation, Arc::new(WordsJudge)).await
}

/// A person of that identifier and number on paca, signed in, who has just proved it.
pub async fn proved<'a>(app: &'a App, identifier: &str, number: Option<&str>) -> Browser<'a> {
    let mut account = app.draft("paca", identifier).await;
    account.record.national_id = number.map(|number| NationalId::parse(number).unwrap());
    app.insert(&account).await;
    let browser = app.browser("paca");
    browser.sign_in(identifier, PASSWORD).await.signed_in();
    // Of who proved it a moment ago, another code is not sent yet.
    app.clock.advance(31);
    prove(&browser).await;
    browser
}

pub async fn attach(browser: &Browser<'_>, card: &str) -> Answer {
    by_card(browser, paths::CARD_CEREMONY, paths::CARDS, card).await
}

async fn prove_by(browser: &Browser<'_>, card: &str) -> Answer {
    by_card(browser, paths::CARD_PROOF, paths::CARD_PROOF_ANSWER, card).await
}

async fn an_attached_card_signs_in_until_it_is_detached(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    assert!(security(&browser).await.offers.cards);
    let view: SecurityView = attach(&browser, NUMBER).await.ok();
    let [card] = &view.cards[..] else {
        panic!("one was attached: {view:?}");
    };
    assert_eq!(card.number, "10xxxxxxx86");
    assert_eq!(
        (card.family_name.as_str(), card.given_name.as_str()),
        ("LEFÈVRE", "JEANNE")
    );
    assert_eq!(card.last_used_at, None);
    assert_eq!(app.results_of("factor_added").await, ["success"]);
    assert_eq!(app.trail().await.last().unwrap().factor, "card");
    let queue = app.queue().await;
    let told = queue.iter().filter(|message| message.kind == "security_changed");
    assert_eq!(told.count(), 1);
    // Once more changes nothing, and is told to nobody.
    let again: SecurityView = attach(&browser, NUMBER).await.ok();
    assert_eq!(again.cards, view.cards);
    assert_eq!(app.results_of("factor_added").await, ["success"]);
    app.wait_minutes(1);
    let elsewhere = app.browser("paca");
    let signed: SignInAnswer = sign_in(&elsewhere, NUMBER).await.ok();
    assert!(matches!(signed, SignInAnswer::SignedIn(_)));
    assert!(security(&browser).await.cards[0].last_used_at.is_some());
    let path = format!("{}/{}", paths::CARDS, card.id);
    let view: SecurityView = browser.delete(&path).await.ok();
    assert!(view.cards.is_empty());
    assert_eq!(app.results_of("factor_removed").await, ["success"]);
    sign_in(&app.browser("paca"), NUMBER)
        .await
        .refused(403, ErrorCode::CardUnknown);
    browser.delete(&path).await.refused(404, ErrorCode::NotFound);
}

async fn a_card_attached_before_the_record_bore_another_number_opens_nothing(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    attach(&browser, NUMBER).await.ok::<SecurityView>();
    let portal = PortalName::parse("paca").unwrap();
    let mut unit = app.database.begin().await.unwrap();
    let mut jeanne = unit
        .account_by_identifier(&portal, JEANNE)
        .await
        .unwrap()
        .unwrap();
    jeanne.record.national_id = NationalId::parse("10000000074").ok();
    unit.update_record(jeanne.id, &jeanne.record).await.unwrap();
    unit.commit().await.unwrap();
    let refused = sign_in(&app.browser("paca"), NUMBER).await;
    refused.refused(403, ErrorCode::CardUnknown);
    let trail = app.trail().await;
    let entry = trail.last().unwrap();
    assert_eq!(entry.result, "unknown_card");
    assert_eq!(entry.account, jeanne.id.0.to_string());
}

async fn attaching_and_detaching_take_a_proof(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    let ceremony = begin(&browser, paths::CARD_CEREMONY).await;
    let token = show(&app, &ceremony, NUMBER).await;
    app.wait_minutes(4);
    let attached: SecurityView = answer(&browser, paths::CARDS, &token).await.ok();
    app.wait_minutes(10);
    let begun = browser.post(paths::CARD_CEREMONY, &json!({})).await;
    begun.refused(403, ErrorCode::ProofRequired);
    let late = answer(&browser, paths::CARDS, &token).await;
    late.refused(403, ErrorCode::ProofRequired);
    let path = format!("{}/{}", paths::CARDS, attached.cards[0].id);
    browser.delete(&path).await.refused(403, ErrorCode::ProofRequired);
}

async fn a_card_is_attached_in_the_session_that_began(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    let other = proved(&app, "paul.martin", None).await;
    let ceremony = begin(&browser, paths::CARD_CEREMONY).await;
    let token = show(&app, &ceremony, NUMBER).await;
    other.hold_card(browser.card());
    let refused = answer(&other, paths::CARDS, &token).await;
    refused.refused(409, ErrorCode::CardCeremonyEnded);
}

async fn the_card_of_another_account_is_not_attached(database: TestDatabase) {
    let app = start(database, "").await;
    let first = proved(&app, JEANNE, None).await;
    attach(&first, NUMBER).await.ok::<SecurityView>();
    let second = proved(&app, "paul.martin", None).await;
    let refused = attach(&second, NUMBER).await.refused(409, ErrorCode::CardTaken);
    assert_eq!(refused.card_number.as_deref(), Some("10xxxxxxx86"));
    let third = proved(&app, "anne.durand", Some(OTHER_NUMBER)).await;
    drop(third);
    let refused = attach(&second, OTHER_NUMBER).await;
    refused.refused(409, ErrorCode::CardTaken);
    assert!(security(&second).await.cards.is_empty());
    let expected = ["success", "card_of_another", "card_of_another"];
    assert_eq!(app.results_of("factor_added").await, expected);
}

async fn a_card_of_another_number_than_the_records_is_not_attached(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, Some(OTHER_NUMBER)).await;
    let refused = attach(&browser, NUMBER).await;
    refused.refused(403, ErrorCode::CardOfAnother);
}

async fn another_persons_attached_card_is_none_of_mine(database: TestDatabase) {
    let app = start(database, "").await;
    let first = proved(&app, JEANNE, None).await;
    let view: SecurityView = attach(&first, NUMBER).await.ok();
    let second = proved(&app, "paul.martin", None).await;
    let path = format!("{}/{}", paths::CARDS, view.cards[0].id);
    second.delete(&path).await.refused(404, ErrorCode::NotFound);
    assert!(security(&second).await.cards.is_empty());
}

async fn a_card_proves_anew_who_one_is_without_a_password(database: TestDatabase) {
    let app = start(database, "").await;
    let mut account = app.draft("paca", JEANNE).await;
    account.record.national_id = NationalId::parse(NUMBER).ok();
    account.password = portique_domain::account::PasswordState::None;
    app.insert(&account).await;
    let browser = app.browser("paca");
    sign_in(&browser, NUMBER).await.ok::<SignInAnswer>();
    let view = security(&browser).await;
    assert!(view.offers.card_proof);
    assert_eq!(view.proved_for, 0);
    let before = browser.cookie();
    prove_by(&browser, NUMBER).await.signed_in();
    assert_ne!(browser.cookie(), before, "the session bears another token");
    assert_eq!(security(&browser).await.proved_for, 600);
    assert_eq!(app.results_of("proof").await, ["success"]);
    let thief = app.browser("paca");
    thief.hold(before);
    assert!(!thief.is_signed_in().await);
}

async fn another_persons_card_proves_nothing(database: TestDatabase) {
    let app = start(database, "").await;
    drop(proved(&app, "anne.durand", Some(OTHER_NUMBER)).await);
    let browser = proved(&app, JEANNE, None).await;
    app.wait_minutes(10);
    for card in [OTHER_NUMBER, NUMBER] {
        let refused = prove_by(&browser, card).await;
        refused.refused(403, ErrorCode::CardOfAnother);
    }
    assert_eq!(security(&browser).await.proved_for, 0);
    let results = app.results_of("proof").await;
    assert_eq!(
        results[results.len() - 2..],
        ["card_of_another", "card_of_another"]
    );
}

async fn where_a_card_counts_as_one_factor_it_proves_nothing_by_itself(database: TestDatabase) {
    let app = start(database, "counts_as = \"one_factor\"").await;
    let browser = proved(&app, JEANNE, None).await;
    assert!(!security(&browser).await.offers.card_proof);
    let begun = browser.post(paths::CARD_PROOF, &json!({})).await;
    begun.refused(404, ErrorCode::NotFound);
    let answered = answer(&browser, paths::CARD_PROOF_ANSWER, "-").await;
    answered.refused(404, ErrorCode::NotFound);
}

async fn the_agency_takes_attached_cards_away_with_the_other_factors(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = proved(&app, JEANNE, None).await;
    attach(&browser, NUMBER).await.ok::<SecurityView>();
    let config = app.installation.read().unwrap();
    let portals = config.sites.portals();
    let paca = portals
        .iter()
        .find(|portal| portal.name.as_str() == "paca")
        .unwrap();
    portique_domain::use_cases::administer::reset_factors(&app.tools, paca, JEANNE)
        .await
        .unwrap();
    sign_in(&app.browser("paca"), NUMBER)
        .await
        .refused(403, ErrorCode::CardUnknown);
}
