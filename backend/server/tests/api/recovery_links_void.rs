//! A link to a new password dies when what it was sent for changes.

use portique_domain::account::AccountStatus;
use portique_domain::testing::portal;
use portique_domain::use_cases::administer::set_status;
use portique_provisioning::{Mode, Outcome, People};
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::LinkState;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::recovery_links::{ADDRESS, SAMPLE_PASSWORD, look, reset, token};
use crate::support::{App, NEW_PASSWORD};

on_each_database!(
    a_corrected_address_ends_the_links_that_went_to_the_older_one,
    a_record_corrected_otherwise_ends_no_link,
    a_number_that_is_taken_from_a_record_ends_what_its_card_opened,
    a_password_changed_while_signed_in_ends_the_link,
    a_link_from_before_an_account_was_disabled_stays_dead_once_it_is_enabled,
);

/// An import of the practitioner's row on paca.
async fn import(app: &App, row: &str) {
    let file = format!("identifiant;courriel;nom;prénom;rpps\n{row}\n");
    let (paca, silent) = (portal("paca"), |_, _, _| {});
    let people = People::read(file.as_bytes(), Language::Fr, &silent).unwrap();
    let plan = people
        .compare(app.tools.store.as_ref(), &paca, &silent)
        .await
        .unwrap();
    let done = plan.apply(&app.tools, &paca, Mode::AllOrNothing, &silent).await;
    let report = done.unwrap();
    assert_eq!(report.outcome, Outcome::Complete);
    assert_eq!(report.updates.len(), 1);
}

/// The practitioner's names, as the demo has them.
async fn names(app: &App) -> (String, String) {
    let name = portal("paca").name;
    let account = app.tools.store.account_by_identifier(&name, "praticien").await;
    let record = account.unwrap().unwrap().record;
    (record.family_name, record.given_name)
}

async fn is_dead(app: &App, token: &str) {
    let browser = app.browser("paca");
    assert_eq!(look(&browser, token).await.state, LinkState::Replaced);
    let answer = reset(&browser, token, NEW_PASSWORD).await;
    answer.refused(410, ErrorCode::LinkSpent);
}

async fn a_corrected_address_ends_the_links_that_went_to_the_older_one(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let (family, given) = names(&app).await;
    import(
        &app,
        &format!("praticien;corrigee@demo.example;{family};{given};"),
    )
    .await;
    is_dead(&app, &token).await;
}

async fn a_record_corrected_otherwise_ends_no_link(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let (_, given) = names(&app).await;
    import(
        &app,
        &format!("praticien;{ADDRESS};Autrement;{given};10001000206"),
    )
    .await;
    assert_eq!(look(&app.browser("paca"), &token).await.state, LinkState::Good);
}

async fn a_number_that_is_taken_from_a_record_ends_what_its_card_opened(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    browser.sign_in("praticien", SAMPLE_PASSWORD).await.signed_in();
    let (family, given) = names(&app).await;
    import(&app, &format!("praticien;{ADDRESS};{family};{given};")).await;
    assert!(!browser.is_signed_in().await);
    is_dead(&app, &token).await;
}

async fn a_password_changed_while_signed_in_ends_the_link(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    let browser = app.browser("paca");
    browser.sign_in("praticien", SAMPLE_PASSWORD).await.signed_in();
    let changed = browser
        .change_password("praticien", SAMPLE_PASSWORD, "Tulipe&1951-rouge")
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    is_dead(&app, &token).await;
}

async fn a_link_from_before_an_account_was_disabled_stays_dead_once_it_is_enabled(database: TestDatabase) {
    let app = App::demo(database).await;
    let token = token(&app, 1).await;
    for status in [AccountStatus::Disabled, AccountStatus::Active] {
        let changed = set_status(&app.tools, &portal("paca"), "praticien", status).await;
        assert!(changed.unwrap());
    }
    is_dead(&app, &token).await;
}
