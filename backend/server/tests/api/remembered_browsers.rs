//! «Se souvenir de ce poste»: a browser that stands in for the second step, and what it never does.

use jiff::SignedDuration;
use portique_domain::account::{Account, Privilege, Privileges};
use portique_domain::remembered_browser::RememberedBrowser;
use portique_domain::session::Visitor;
use portique_shared::api::own_sessions::OwnBrowser;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::second_step::SecondStepView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::recovery_links::{self, SAMPLE_PASSWORD};
use crate::second_step::step;
use crate::support::{Answer, App, Browser, Installation, NEW_PASSWORD, PASSWORD, portique};

on_each_database!(
    a_browser_that_is_remembered_is_not_asked_again_until_its_hours_are_over,
    by_default_no_browser_is_remembered_and_a_wish_for_it_changes_nothing,
    who_has_particular_rights_is_always_asked,
    who_asks_for_the_second_step_by_name_is_asked,
    the_token_is_good_for_its_account_on_its_portal_alone,
    the_token_without_the_password_is_nothing,
    of_several_accounts_in_one_browser_the_newest_is_remembered,
    own_browsers_are_listed_and_forgotten_and_nobody_elses,
    whatever_changes_a_proof_or_ends_sessions_forgets_the_browsers,
    a_password_that_was_reset_by_a_link_forgets_the_browsers,
    signing_out_here_forgets_nothing,
    a_provisional_password_is_not_remembered,
);

const JEANNE: &str = "jeanne.lefevre";

/// paca, where everybody is asked for a code and browsers are remembered for eight hours.
fn installation(url: &str, demo: bool) -> Installation {
    let installation = if demo {
        Installation::demo(url)
    } else {
        Installation::new(url)
    };
    let rules = "[second_factor]\nalways = true\nremember_hours = 8";
    installation.append("portals/paca.toml", rules);
    installation.append("portals/aura.toml", rules);
    installation
}

pub async fn start(database: TestDatabase) -> App {
    let installation = installation(&database.url(), false);
    App::start_from(database, installation, false).await
}

/// Takes the second step with the wish to be remembered; what the page of the code said.
pub async fn remembering(browser: &Browser<'_>, identifier: &str, password: &str) -> SecondStepView {
    let step = step(&browser.sign_in(identifier, password).await);
    type_wishing(browser, &step).await.signed_in();
    step
}

async fn type_wishing(browser: &Browser<'_>, step: &SecondStepView) -> Answer {
    let code = browser.app().code(step).await;
    let body = json!({ "code": code, "remember": true });
    browser.post(paths::SECOND_STEP, &body).await
}

/// Whether the password alone signs in.
async fn is_spared(browser: &Browser<'_>, identifier: &str, password: &str) -> bool {
    let answer: serde_json::Value = browser.sign_in(identifier, password).await.ok();
    answer["status"] == "signed_in"
}

pub async fn listed(browser: &Browser<'_>) -> Vec<OwnBrowser> {
    browser.get(paths::OWN_BROWSERS).await.ok()
}

async fn a_browser_that_is_remembered_is_not_asked_again_until_its_hours_are_over(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let view = step(&browser.sign_in(JEANNE, PASSWORD).await);
    assert_eq!(view.remember_hours, Some(8));
    let answer = type_wishing(&browser, &view).await;
    let cookie = answer
        .cookies()
        .find(|cookie| cookie.name.ends_with("-browser"))
        .unwrap();
    assert_eq!(cookie.name, "__Host-portique-browser");
    assert_eq!(cookie.value.len(), 64);
    let attributes = ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=28800", "Secure"];
    assert_eq!(cookie.attributes, attributes);
    app.clock.advance(8 * 3_600 - 1);
    assert!(is_spared(&browser, JEANNE, PASSWORD).await);
    assert!(
        !is_spared(&app.browser("paca"), JEANNE, PASSWORD).await,
        "in another browser"
    );
    app.clock.advance(1);
    assert!(
        !is_spared(&browser, JEANNE, PASSWORD).await,
        "using it makes it no longer"
    );
    assert_eq!(app.results_of("browser_remembered").await, ["success"]);
    let trail = app.trail().await.into_iter();
    let factors: Vec<_> = trail
        .filter(|entry| entry.action == "sign_in" && entry.result == "success")
        .map(|entry| entry.factor)
        .collect();
    assert_eq!(factors, ["email_code", "remembered_browser"]);
}

async fn by_default_no_browser_is_remembered_and_a_wish_for_it_changes_nothing(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    installation.append("portals/paca.toml", "[second_factor]\nalways = true");
    let app = App::start_from(database, installation, false).await;
    app.jeanne().await;
    app.create("aura", JEANNE).await;
    let browser = app.browser("paca");
    let view = remembering(&browser, JEANNE, PASSWORD).await;
    assert_eq!((view.remember_hours, browser.remembered()), (None, None));
    assert!(!is_spared(&browser, JEANNE, PASSWORD).await);
    // Nor on a preset as it is, where the step was asked for by name.
    let aura = app.browser("aura");
    let by_name = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    let view = step(&aura.post(paths::SESSION, &by_name).await);
    type_wishing(&aura, &view).await.signed_in();
    assert_eq!((view.remember_hours, aura.remembered()), (None, None));
    assert!(listed(&aura).await.is_empty());
    assert!(app.results_of("browser_remembered").await.is_empty());
}

async fn who_has_particular_rights_is_always_asked(database: TestDatabase) {
    let app = start(database).await;
    crate::second_step::chief(&app).await;
    let browser = app.browser("paca");
    let view = remembering(&browser, "chef", PASSWORD).await;
    assert_eq!((view.remember_hours, browser.remembered()), (None, None));
    // Nor who is given them while a browser is remembered.
    let jeanne = app.jeanne().await;
    remembering(&browser, JEANNE, PASSWORD).await;
    assert!(is_spared(&browser, JEANNE, PASSWORD).await);
    let mut record = jeanne.record;
    record.privileges = Privileges::new([Privilege::PatientData]);
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.update_record(jeanne.id, &record).await.unwrap();
    unit.commit().await.unwrap();
    assert!(listed(&browser).await.is_empty());
    assert!(!is_spared(&browser, JEANNE, PASSWORD).await);
}

async fn who_asks_for_the_second_step_by_name_is_asked(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    let by_name = json!({ "identifier": JEANNE, "password": PASSWORD, "strong": true });
    step(&browser.post(paths::SESSION, &by_name).await);
    assert!(is_spared(&browser, JEANNE, PASSWORD).await);
}

async fn the_token_is_good_for_its_account_on_its_portal_alone(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    app.create("paca", "paul").await;
    app.create("aura", JEANNE).await;
    let hers = app.browser("paca");
    remembering(&hers, JEANNE, PASSWORD).await;
    for (portal, identifier) in [("paca", "paul"), ("aura", JEANNE)] {
        let other = app.browser(portal);
        other.hold_remembered(hers.remembered());
        assert!(
            !is_spared(&other, identifier, PASSWORD).await,
            "{portal} {identifier}"
        );
    }
    let guessed = app.browser("paca");
    let id = listed(&hers).await[0].id.clone();
    for guess in ["", "0", &id, &"0".repeat(64)] {
        guessed.hold_remembered(Some(format!("__Host-portique-browser={guess}")));
        assert!(!is_spared(&guessed, JEANNE, PASSWORD).await, "{guess}");
    }
}

async fn the_token_without_the_password_is_nothing(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    let hers = app.browser("paca");
    remembering(&hers, JEANNE, PASSWORD).await;
    let token = hers.remembered().unwrap();
    let value = token.split_once('=').unwrap().1;
    let thief = app.browser("paca");
    thief.hold_remembered(Some(token.clone()));
    let wrong = thief.sign_in(JEANNE, "wrong").await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    let nobodys = thief.sign_in("personne", "wrong").await;
    assert_eq!(
        wrong.without_id(),
        nobodys.without_id(),
        "nor does it tell whose it is"
    );
    let without = app.browser("paca").sign_in(JEANNE, "wrong").await;
    assert_eq!(wrong.without_id(), without.without_id());
    for name in ["__Host-portique", "__Host-portique-step"] {
        let request = thief
            .request(reqwest::Method::GET, paths::ACCOUNT)
            .header("cookie", format!("{name}={value}"));
        thief.send(request).await.refused(401, ErrorCode::SessionRequired);
    }
}

async fn of_several_accounts_in_one_browser_the_newest_is_remembered(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    app.create("paca", "paul").await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    let older = browser.remembered();
    remembering(&browser, "paul", PASSWORD).await;
    assert!(is_spared(&browser, "paul", PASSWORD).await);
    assert!(!is_spared(&browser, JEANNE, PASSWORD).await);
    browser.hold_remembered(older);
    assert!(
        !is_spared(&browser, JEANNE, PASSWORD).await,
        "the older one is dead, not only replaced"
    );
}

async fn own_browsers_are_listed_and_forgotten_and_nobody_elses(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    app.create("paca", "paul").await;
    let (here, there, pauls) = (app.browser("paca"), app.browser("paca"), app.browser("paca"));
    remembering(&here, JEANNE, PASSWORD).await;
    app.wait_minutes(1);
    remembering(&there, JEANNE, PASSWORD).await;
    remembering(&pauls, "paul", PASSWORD).await;
    let told = listed(&here).await;
    let currents: Vec<_> = told.iter().map(|browser| browser.current).collect();
    assert_eq!(currents, [false, true], "the one used last comes first");
    assert_eq!(told[1].remembered.at, "2026-01-05T08:00:00Z");
    assert_eq!(told[1].expires_at, "2026-01-05T16:00:00Z");
    app.wait_minutes(1);
    assert!(is_spared(&here, JEANNE, PASSWORD).await);
    let told = listed(&here).await;
    assert_eq!(told[0].last_used.at, "2026-01-05T08:02:00Z");
    let path = format!("{}/{}", paths::OWN_BROWSERS, told[0].id);
    pauls.delete(&path).await.refused(404, ErrorCode::NotFound);
    app.browser("paca")
        .delete(&path)
        .await
        .refused(401, ErrorCode::SessionRequired);
    assert_eq!(here.delete(&path).await.status, 204);
    here.delete(&path).await.refused(404, ErrorCode::NotFound);
    assert_eq!(listed(&here).await.len(), 1);
    assert!(!is_spared(&here, JEANNE, PASSWORD).await);
    assert!(is_spared(&there, JEANNE, PASSWORD).await);
    assert!(is_spared(&pauls, "paul", PASSWORD).await);
    assert_eq!(app.results_of("browser_forgotten").await, ["success"]);
}

/// By the operator's commands.
fn command(app: &App, words: &[&str]) {
    let file = app.installation.file();
    let of = ["--portal", "paca", "--identifier", JEANNE];
    let ran = portique(
        &[
            &["--config", file.to_str().unwrap(), "account"][..],
            &words[..1],
            &of,
            &words[1..],
        ]
        .concat(),
    );
    assert!(ran.ok, "{}", ran.err);
}

async fn whatever_changes_a_proof_or_ends_sessions_forgets_the_browsers(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    browser
        .change_password(JEANNE, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    assert!(
        !is_spared(&browser, JEANNE, NEW_PASSWORD).await,
        "a changed password"
    );
    remembering(&browser, JEANNE, NEW_PASSWORD).await;
    command(&app, &["disable"]);
    command(&app, &["enable"]);
    assert!(
        !is_spared(&browser, JEANNE, NEW_PASSWORD).await,
        "a disabled account"
    );
    remembering(&browser, JEANNE, NEW_PASSWORD).await;
    command(&app, &["update", "--rescue-email", "jeanne@maison.example"]);
    assert!(
        !is_spared(&browser, JEANNE, NEW_PASSWORD).await,
        "another address for codes"
    );
    remembering(&browser, JEANNE, NEW_PASSWORD).await;
    assert_eq!(browser.delete(paths::OWN_SESSIONS).await.status, 204);
    assert!(
        !is_spared(&browser, JEANNE, NEW_PASSWORD).await,
        "the other sessions ended"
    );
}

async fn a_password_that_was_reset_by_a_link_forgets_the_browsers(database: TestDatabase) {
    let installation = installation(&database.url(), true);
    let app = App::start_from(database, installation, true).await;
    let browser = app.browser("paca");
    remembering(&browser, "praticien", SAMPLE_PASSWORD).await;
    let token = recovery_links::token(&app, 1).await;
    let elsewhere = app.browser("paca");
    assert_eq!(
        recovery_links::reset(&elsewhere, &token, NEW_PASSWORD)
            .await
            .status,
        204
    );
    assert!(!is_spared(&browser, "praticien", NEW_PASSWORD).await);
}

async fn signing_out_here_forgets_nothing(database: TestDatabase) {
    let app = start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    browser.sign_out().await;
    assert!(is_spared(&browser, JEANNE, PASSWORD).await);
}

async fn a_provisional_password_is_not_remembered(database: TestDatabase) {
    let app = start(database).await;
    app.newcomer("paca", JEANNE).await;
    let browser = app.browser("paca");
    remembering(&browser, JEANNE, PASSWORD).await;
    assert_eq!(browser.remembered(), None);
}

/// The path of a browser that is remembered of `account` from now on.
pub async fn path_of_one(app: &App, account: &Account) -> String {
    let visitor = Visitor {
        address: "127.0.0.1".parse().unwrap(),
        browser: portique_domain::browser::Browser::default(),
    };
    let hour = SignedDuration::from_hours(1);
    let entropy = app.tools.entropy.as_ref();
    let (_, browser) = RememberedBrowser::start(entropy, account, visitor, hour, app.now());
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.insert_remembered_browser(&browser).await.unwrap();
    unit.commit().await.unwrap();
    format!("{}/{}", paths::OWN_BROWSERS, browser.id.0)
}
