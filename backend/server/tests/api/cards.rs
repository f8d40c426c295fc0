//! Signing in with a card: what it opens, for whom, and once.

use std::sync::Arc;

use portique_domain::account::{Account, AccountStatus, PasswordState, Privilege, Privileges};
use portique_domain::card::CardFault;
use portique_shared::api::paths;
use portique_shared::api::portal::{PortalView, WayKind};
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::{SessionView, SignInAnswer};
use portique_shared::types::NationalId;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::second_step::step;
use crate::support::cards::{HEADER, WordsJudge, answer, begin, by_card, go, portal_takes_cards, take_cards};
use crate::support::{Answer, App, Browser, Installation};

on_each_database!(
    a_card_signs_in_the_account_of_its_number,
    a_card_that_counts_as_two_factors_is_enough_for_a_privileged_account,
    where_a_card_counts_as_one_factor_the_second_step_follows,
    a_card_opens_an_account_without_password_and_one_whose_password_is_provisional,
    nobodys_card_and_a_disabled_accounts_are_answered_alike_and_told_apart_in_the_trail,
    a_card_of_two_accounts_opens_neither,
    each_fault_has_its_word_in_the_trail_and_its_code_in_the_answer,
    a_test_card_is_taken_where_the_portal_says_so,
    a_portal_without_cards_neither_shows_nor_takes_them,
);

pub const NUMBER: &str = "10003456786";

pub async fn start(database: TestDatabase, lines: &str) -> App {
    let installation = Installation::new(&database.url());
    take_cards(&installation, "normandie", lines);
    portal_takes_cards(&installation, "aura", lines);
    App::start_judging(database, installation, Arc::new(WordsJudge)).await
}

/// A person whose record bears [`NUMBER`], as an import writes it.
pub async fn numbered(app: &App, change: impl FnOnce(&mut Account)) -> Account {
    let mut account = app.draft("normandie", "jeanne.lefevre").await;
    account.record.national_id = NationalId::parse(NUMBER).ok();
    change(&mut account);
    app.insert(&account).await;
    account
}

fn privileged() -> Privileges {
    Privileges::new([Privilege::Administrator])
}

pub async fn sign_in(browser: &Browser<'_>, card: &str) -> Answer {
    by_card(browser, paths::CARD_SIGN_IN, paths::CARD_SIGN_IN_ANSWER, card).await
}

#[track_caller]
pub fn signed_in(answer: &Answer) -> SessionView {
    match answer.ok() {
        SignInAnswer::SignedIn(session) => session,
        SignInAnswer::SecondStep(_) => panic!("it is half way"),
    }
}

/// What the trail says of sign-ins with cards, in order.
pub async fn with_cards(app: &App) -> Vec<String> {
    let trail = app.trail().await.into_iter();
    trail
        .filter(|entry| entry.action == "sign_in" && entry.factor == "card")
        .map(|entry| entry.result)
        .collect()
}

async fn a_card_signs_in_the_account_of_its_number(database: TestDatabase) {
    let app = start(database, "").await;
    let jeanne = numbered(&app, |_| {}).await;
    let browser = app.browser("normandie");
    let session = signed_in(&sign_in(&browser, NUMBER).await);
    assert_eq!(session.person.identifier, "jeanne.lefevre");
    assert!(!session.password_change_required);
    assert!(browser.is_signed_in().await);
    assert_eq!(browser.card(), None, "the ceremony's cookie is taken away");
    let trail = app.trail().await;
    let entry = trail.last().unwrap();
    assert_eq!(
        (entry.factor.as_str(), entry.result.as_str()),
        ("card", "success")
    );
    assert_eq!(entry.authenticator, format!("01 {NUMBER}"), "which card it was");
    assert_eq!(entry.account, jeanne.id.0.to_string());
    // Another sign-in takes the place of the session that the browser held.
    let before = browser.cookie();
    signed_in(&sign_in(&browser, NUMBER).await);
    let thief = app.browser("normandie");
    thief.hold(before);
    assert!(!thief.is_signed_in().await);
}

async fn a_card_that_counts_as_two_factors_is_enough_for_a_privileged_account(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |account| account.record.privileges = privileged()).await;
    assert!(
        signed_in(&sign_in(&app.browser("normandie"), NUMBER).await)
            .person
            .privileged
    );
}

async fn where_a_card_counts_as_one_factor_the_second_step_follows(database: TestDatabase) {
    let app = start(database, "counts_as = \"one_factor\"").await;
    numbered(&app, |account| {
        account.record.privileges = privileged();
        account.password = PasswordState::None;
    })
    .await;
    let browser = app.browser("normandie");
    let waits = step(&sign_in(&browser, NUMBER).await);
    assert!(!browser.is_signed_in().await);
    assert_eq!(with_cards(&app).await, ["second_step_due"]);
    let code = app.code(&waits).await;
    let session = browser.type_code(&code).await.signed_in();
    assert!(!session.password_change_required);
    assert!(browser.is_signed_in().await);
    // Whom nothing asks for a second one is let in at once.
    let mut other = app.draft("normandie", "paul.martin").await;
    other.record.national_id = NationalId::parse("10000000074").ok();
    assert!(other.record.national_id.is_some());
    app.insert(&other).await;
    signed_in(&sign_in(&app.browser("normandie"), "10000000074").await);
}

async fn a_card_opens_an_account_without_password_and_one_whose_password_is_provisional(
    database: TestDatabase,
) {
    let app = start(database, "").await;
    numbered(&app, |account| account.password = PasswordState::None).await;
    let mut newcomer = app.newcomer("aura", "jeanne.lefevre").await;
    newcomer.record.national_id = NationalId::parse(NUMBER).ok();
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.update_record(newcomer.id, &newcomer.record).await.unwrap();
    unit.commit().await.unwrap();
    for preset in ["normandie", "aura"] {
        let browser = app.browser(preset);
        assert!(!signed_in(&sign_in(&browser, NUMBER).await).password_change_required);
        assert_eq!(browser.get(paths::ACCOUNT).await.status, 200);
    }
}

async fn nobodys_card_and_a_disabled_accounts_are_answered_alike_and_told_apart_in_the_trail(
    database: TestDatabase,
) {
    let app = start(database, "").await;
    let nobodys = sign_in(&app.browser("normandie"), NUMBER).await;
    let problem = nobodys.refused(403, ErrorCode::CardUnknown);
    assert_eq!(problem.card_number.as_deref(), Some("10xxxxxxx86"));
    let jeanne = numbered(&app, |account| account.status = AccountStatus::Disabled).await;
    let disabled = sign_in(&app.browser("normandie"), NUMBER).await;
    assert_eq!(disabled.without_id(), nobodys.without_id());
    assert_eq!(with_cards(&app).await, ["unknown_card", "disabled"]);
    let trail = app.trail().await;
    assert_eq!(trail.last().unwrap().account, jeanne.id.0.to_string());
}

async fn a_card_of_two_accounts_opens_neither(database: TestDatabase) {
    let app = start(database, "").await;
    numbered(&app, |_| {}).await;
    let mut twice = app.draft("normandie", "j.lefevre").await;
    twice.record.national_id = NationalId::parse(NUMBER).ok();
    app.insert(&twice).await;
    let answer = sign_in(&app.browser("normandie"), NUMBER).await;
    answer.refused(403, ErrorCode::CardUnknown);
    // The one that is left when the agency has disabled the other is opened.
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.set_status(twice.id, AccountStatus::Disabled).await.unwrap();
    unit.commit().await.unwrap();
    let session = signed_in(&sign_in(&app.browser("normandie"), NUMBER).await);
    assert_eq!(session.person.identifier, "jeanne.lefevre");
}

async fn each_fault_has_its_word_in_the_trail_and_its_code_in_the_answer(database: TestDatabase) {
    let app = start(database, "").await;
    let browser = app.browser("normandie");
    for fault in CardFault::ALL {
        let (status, code) = match fault {
            CardFault::NotPresented => (403, ErrorCode::CardNotPresented),
            CardFault::Expired | CardFault::NotYetValid => (403, ErrorCode::CardExpired),
            CardFault::Revoked => (403, ErrorCode::CardRevoked),
            CardFault::RevocationUnknown => (503, ErrorCode::CardUnverifiable),
            CardFault::WrongUsage => (403, ErrorCode::CardWrongUsage),
            CardFault::Contactless => (403, ErrorCode::CardContactless),
            CardFault::Organisation => (403, ErrorCode::CardOrganisation),
            CardFault::TestCard => (403, ErrorCode::CardTest),
            CardFault::UnknownAuthority => (403, ErrorCode::CardUnknownAuthority),
            CardFault::NotProved
            | CardFault::SpoofedHeader
            | CardFault::Unreadable
            | CardFault::TooLarge
            | CardFault::BrokenChain
            | CardFault::WeakSignature
            | CardFault::WeakKey
            | CardFault::NoCommonName
            | CardFault::SeveralCommonNames
            | CardFault::NotPlainText
            | CardFault::OtherCountry
            | CardFault::SubjectUnclear
            | CardFault::NotANumber
            | CardFault::CheckDigit => (403, ErrorCode::CardUnreadable),
        };
        let answer = sign_in(&browser, fault.word()).await;
        let problem = answer.refused(status, code);
        assert_eq!(problem.card_number, None);
        let waits = (fault == CardFault::RevocationUnknown).then_some(60);
        assert_eq!(problem.retry_after, waits, "{fault:?}");
    }
    assert_eq!(with_cards(&app).await, CardFault::ALL.map(CardFault::word));
    // No card at all, as the proxy tells it: no header, or an empty one.
    for headers in [&[][..], &[(HEADER, "")]] {
        let ceremony = begin(&browser, paths::CARD_SIGN_IN).await;
        let token = go(&app, &ceremony, headers).await.token();
        let refused = answer(&browser, paths::CARD_SIGN_IN_ANSWER, &token).await;
        refused.refused(403, ErrorCode::CardNotPresented);
    }
}

async fn a_test_card_is_taken_where_the_portal_says_so(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    take_cards(&installation, "normandie", "");
    portal_takes_cards(&installation, "aura", "test_cards = true");
    let app = App::start_judging(database, installation, Arc::new(WordsJudge)).await;
    for preset in ["normandie", "aura"] {
        let mut account = app.draft(preset, "jeanne.lefevre").await;
        account.record.national_id = NationalId::parse(NUMBER).ok();
        app.insert(&account).await;
    }
    let card = format!("test {NUMBER}");
    let refused = sign_in(&app.browser("normandie"), &card).await;
    refused.refused(403, ErrorCode::CardTest);
    assert_eq!(with_cards(&app).await, ["card_test"]);
    signed_in(&sign_in(&app.browser("aura"), &card).await);
}

async fn a_portal_without_cards_neither_shows_nor_takes_them(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    take_cards(&installation, "normandie", "");
    let app = App::start_from(database, installation, false).await;
    for (preset, shown) in [("normandie", true), ("aura", false)] {
        let browser = app.browser(preset);
        let view: PortalView = browser.get(paths::PORTAL).await.ok();
        let ways: Vec<_> = view.sign_in.ways.iter().map(|way| way.kind).collect();
        assert_eq!(ways[0] == WayKind::Card, shown, "{preset}");
        assert_eq!(ways.contains(&WayKind::Card), shown);
        let begun = browser.post(paths::CARD_SIGN_IN, &json!({})).await;
        assert_eq!(begun.status, if shown { 200 } else { 404 });
    }
}
