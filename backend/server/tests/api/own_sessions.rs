//! «Mes sessions»: what a person is told of them, and ending those that they do not want.

use portique_shared::api::own_sessions::{BrowserView, OwnSession, PlaceView};
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::held_rows::sent;
use crate::second_step::step;
use crate::support::{App, Browser, Installation, NEW_PASSWORD, PASSWORD};

on_each_database!(
    each_session_is_told_with_its_browser_its_place_and_its_last_use,
    a_sessions_name_opens_nothing,
    a_session_that_is_ended_opens_nothing_from_its_next_request_on,
    ending_the_others_keeps_the_one_that_asks,
    nobody_sees_or_ends_the_sessions_of_another,
    without_a_session_that_opens_everything_nothing_is_listed_or_ended,
    sessions_that_are_over_are_neither_listed_nor_ended,
    ending_the_others_ends_sign_ins_that_wait_for_their_code,
    changing_the_password_and_ending_the_other_sessions_at_one_instant_fail_neither,
);

const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

/// Sends from an address, with a browser's own words.
async fn comes(browser: &Browser<'_>, path: &str, body: serde_json::Value, from: &str, agent: &str) {
    let request = browser
        .request(Method::POST, path)
        .header("x-forwarded-for", from)
        .header("user-agent", agent)
        .json(&body);
    browser.send(request).await.signed_in();
}

async fn sign_in_from(browser: &Browser<'_>, from: &str, agent: &str) {
    let body = json!({ "identifier": "jeanne.lefevre", "password": PASSWORD });
    comes(browser, paths::SESSION, body, from, agent).await;
}

/// What `browser` is told of its person's sessions.
pub async fn listed(browser: &Browser<'_>) -> Vec<OwnSession> {
    browser.get(paths::OWN_SESSIONS).await.ok()
}

/// The path of the session that `browser` holds.
pub async fn own_path(browser: &Browser<'_>) -> String {
    let sessions = listed(browser).await;
    let current: Vec<_> = sessions.iter().filter(|session| session.current).collect();
    assert_eq!(current.len(), 1, "{sessions:?}");
    format!("{}/{}", paths::OWN_SESSIONS, current[0].id)
}

async fn each_session_is_told_with_its_browser_its_place_and_its_last_use(database: TestDatabase) {
    let installation = Installation::new(&database.url());
    let places = "[[places]]\nname = { fr = \"CHU de Rouen\", en = \"Rouen hospital\" }\nnetworks = [\"10.76.0.0/16\"]";
    installation.append("portals/paca.toml", places);
    let app = App::start_from(database, installation, false).await;
    app.jeanne().await;
    let (desk, phone, script) = (app.browser("paca"), app.browser("paca"), app.browser("paca"));
    sign_in_from(&desk, "10.76.1.9", FIREFOX).await;
    app.wait_minutes(1);
    sign_in_from(&phone, "192.168.1.2", PHONE).await;
    app.wait_minutes(1);
    sign_in_from(&script, "203.0.113.7", "curl/8.14.1").await;
    app.wait_minutes(10);
    comes(&phone, paths::SESSION_EXTENSION, json!({}), "2001:db8::5", PHONE).await;
    let told = listed(&desk).await;
    let view = |family: Option<&str>, system: Option<&str>| BrowserView {
        family: family.map(str::to_owned),
        system: system.map(str::to_owned),
    };
    let browsers: Vec<_> = told.iter().map(|session| session.browser.clone()).collect();
    let expected = [
        view(Some("Safari"), Some("iOS")),
        view(None, None),
        view(Some("Firefox"), Some("Windows")),
    ];
    assert_eq!(browsers, expected, "the one used last comes first");
    let current: Vec<_> = told.iter().map(|session| session.current).collect();
    assert_eq!(current, [false, false, true]);
    let used: Vec<_> = told.iter().map(|session| session.last_used.at.as_str()).collect();
    assert_eq!(
        used,
        [
            "2026-01-05T08:12:00Z",
            "2026-01-05T08:02:00Z",
            "2026-01-05T08:00:00Z"
        ]
    );
    let address = |address: &str| PlaceView::Address {
        address: address.to_owned(),
    };
    assert_eq!(told[0].started.at, "2026-01-05T08:01:00Z");
    assert_eq!(told[0].started.place, PlaceView::Local);
    assert_eq!(told[0].last_used.place, address("2001:db8::5"));
    assert_eq!(told[1].last_used.place, address("203.0.113.7"));
    let PlaceView::Named { name } = &told[2].started.place else {
        panic!("{:?}", told[2])
    };
    assert_eq!(
        (name.fr.as_str(), name.en.as_deref()),
        ("CHU de Rouen", Some("Rouen hospital"))
    );
    assert_eq!(
        told[2].started, told[2].last_used,
        "reading the list is no use that is written down"
    );
}

async fn a_sessions_name_opens_nothing(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let cookie = browser.cookie().unwrap();
    let answer = browser.get(paths::OWN_SESSIONS).await;
    let (name, token) = cookie.split_once('=').unwrap();
    assert!(!answer.text().contains(token));
    let id = listed(&browser).await[0].id.clone();
    for guess in [id.replace('-', ""), id] {
        browser.hold(Some(format!("{name}={guess}")));
        assert!(!browser.is_signed_in().await);
    }
}

async fn a_session_that_is_ended_opens_nothing_from_its_next_request_on(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let (here, there, third) = (app.browser("paca"), app.browser("paca"), app.browser("paca"));
    for browser in [&here, &there, &third] {
        browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    }
    let theirs = own_path(&there).await;
    assert_eq!(here.delete(&theirs).await.status, 204);
    there
        .get(paths::ACCOUNT)
        .await
        .refused(401, ErrorCode::SessionRequired);
    assert!(!there.is_signed_in().await);
    let extension = there.post(paths::SESSION_EXTENSION, &json!({})).await;
    extension.refused(401, ErrorCode::SessionRequired);
    assert!(here.is_signed_in().await && third.is_signed_in().await);
    here.delete(&theirs).await.refused(404, ErrorCode::NotFound);
    assert_eq!(listed(&here).await.len(), 2);
    assert_eq!(app.results_of("session_ended").await, ["success"], "once");
    let trail = app.trail().await;
    let entry = trail.last().unwrap();
    assert_eq!(
        (entry.address.as_str(), entry.portal.as_str()),
        ("127.0.0.1", "paca")
    );
    assert!(!entry.account.is_empty());
}

async fn ending_the_others_keeps_the_one_that_asks(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    app.create("paca", "paul").await;
    let pauls = app.browser("paca");
    pauls.sign_in("paul", PASSWORD).await.signed_in();
    let browsers = [app.browser("paca"), app.browser("paca"), app.browser("paca")];
    for browser in &browsers {
        browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    }
    assert_eq!(browsers[1].delete(paths::OWN_SESSIONS).await.status, 204);
    for (number, browser) in browsers.iter().enumerate() {
        assert_eq!(browser.is_signed_in().await, number == 1, "{number}");
    }
    assert!(pauls.is_signed_in().await);
    assert_eq!(app.results_of("other_sessions_ended").await, ["success"]);
    let left = listed(&browsers[1]).await;
    assert!(left.len() == 1 && left[0].current, "{left:?}");
}

async fn nobody_sees_or_ends_the_sessions_of_another(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    app.create("paca", "paul").await;
    app.create("aura", "jeanne.lefevre").await;
    let hers = app.browser("paca");
    hers.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let path = own_path(&hers).await;
    for (portal, identifier) in [("paca", "paul"), ("aura", "jeanne.lefevre")] {
        let stranger = app.browser(portal);
        stranger.sign_in(identifier, PASSWORD).await.signed_in();
        assert_eq!(listed(&stranger).await.len(), 1);
        stranger.delete(&path).await.refused(404, ErrorCode::NotFound);
        assert_eq!(stranger.delete(paths::OWN_SESSIONS).await.status, 204);
    }
    assert!(hers.is_signed_in().await);
    assert!(app.results_of("session_ended").await.is_empty());
    for nobodys in ["00000000-0000-0000-0000-000000000000", "contacts", "%FF"] {
        let path = format!("{}/{nobodys}", paths::OWN_SESSIONS);
        hers.delete(&path).await.refused(404, ErrorCode::NotFound);
    }
}

async fn without_a_session_that_opens_everything_nothing_is_listed_or_ended(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "jeanne").await;
    let stranger = app.browser("paca");
    let newcomer = app.browser("paca");
    newcomer.sign_in("jeanne", PASSWORD).await.signed_in();
    let path = format!("{}/00000000-0000-0000-0000-000000000000", paths::OWN_SESSIONS);
    for (browser, status, code) in [
        (&stranger, 401, ErrorCode::SessionRequired),
        (&newcomer, 403, ErrorCode::PasswordChangeRequired),
    ] {
        browser.get(paths::OWN_SESSIONS).await.refused(status, code);
        browser.delete(paths::OWN_SESSIONS).await.refused(status, code);
        browser.delete(&path).await.refused(status, code);
    }
    let changed = newcomer.change_password("jeanne", PASSWORD, NEW_PASSWORD).await;
    changed.signed_in();
    assert_eq!(listed(&newcomer).await.len(), 1, "the restricted one has ended");
}

async fn sessions_that_are_over_are_neither_listed_nor_ended(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let (early, late) = (app.browser("paca"), app.browser("paca"));
    early.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let path = own_path(&early).await;
    app.wait_minutes(30);
    late.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_eq!(listed(&late).await.len(), 1);
    late.delete(&path).await.refused(404, ErrorCode::NotFound);
}

async fn ending_the_others_ends_sign_ins_that_wait_for_their_code(database: TestDatabase) {
    let app = App::start(database).await;
    crate::second_step::chief(&app).await;
    let (mine, thiefs) = (app.browser("paca"), app.browser("paca"));
    mine.sign_in_fully("chef", PASSWORD).await;
    let step = crate::second_step::waiting(&thiefs).await;
    assert_eq!(mine.delete(paths::OWN_SESSIONS).await.status, 204);
    let code = app.code(&step).await;
    let refused = thiefs.type_code(&code).await;
    refused.refused(401, ErrorCode::SecondStepEnded);
}

async fn changing_the_password_and_ending_the_other_sessions_at_one_instant_fail_neither(
    database: TestDatabase,
) {
    let app = App::start(database).await;
    app.jeanne().await;
    let mut passwords = [PASSWORD, NEW_PASSWORD];
    for _ in 0..10 {
        let [current, new] = passwords;
        let browsers = [app.browser("paca"), app.browser("paca"), app.browser("paca")];
        for browser in &browsers {
            browser.sign_in("jeanne.lefevre", current).await.signed_in();
        }
        let strong = json!({ "identifier": "jeanne.lefevre", "password": current, "strong": true });
        step(&app.browser("paca").post(paths::SESSION, &strong).await);
        let body = json!({
            "identifier": "jeanne.lefevre", "current_password": current, "new_password": new, "confirmation": new,
        });
        let [owner, ends, ends_too] = &browsers;
        let change = sent(owner.request(Method::PUT, paths::PASSWORD).json(&body));
        let ended =
            [ends, ends_too].map(|browser| sent(browser.request(Method::DELETE, paths::OWN_SESSIONS)));
        // Who ends the others may end the one that changes the password, and is ended by it.
        let changed = change.await.unwrap();
        assert!(matches!(changed, 200 | 401), "{changed}");
        for ended in ended {
            let status = ended.await.unwrap();
            assert!(matches!(status, 204 | 401), "{status}");
        }
        if changed == 200 {
            passwords.reverse();
        }
    }
}
