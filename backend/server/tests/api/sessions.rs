use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::SessionState;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::support::{App, PASSWORD};

on_each_database!(
    without_a_session_one_is_anonymous_and_nothing_opens,
    asking_for_the_session_does_not_extend_it,
    a_session_ends_when_nothing_is_done,
    a_session_can_be_extended_but_never_past_its_absolute_end,
    an_ended_session_can_not_be_extended,
    a_session_of_one_portal_opens_nothing_on_another,
    a_disabled_accounts_sessions_open_nothing_from_then_on,
    signing_out_ends_the_session_and_empties_the_browser,
    signing_out_twice_or_without_a_session_is_no_error,
    signing_out_here_leaves_the_other_browser_signed_in,
    each_portal_has_its_own_lifetimes,
);

async fn without_a_session_one_is_anonymous_and_nothing_opens(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    let answer = browser.get(paths::SESSION).await;
    assert_eq!(answer.ok::<Value>(), json!({ "status": "anonymous" }));
    assert_eq!(answer.header("cache-control"), "no-store");
    for path in [paths::ACCOUNT, paths::SERVICES] {
        browser.get(path).await.refused(401, ErrorCode::SessionRequired);
    }
    let extension = browser.post(paths::SESSION_EXTENSION, &json!({})).await;
    extension.refused(401, ErrorCode::SessionRequired);
    let check = browser
        .post(paths::PASSWORD_CHECK, &json!({ "new_password": "x" }))
        .await;
    check.refused(401, ErrorCode::SessionRequired);
    let change = browser.change_password("jeanne", PASSWORD, "x").await;
    change.refused(401, ErrorCode::SessionRequired);
}

async fn asking_for_the_session_does_not_extend_it(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let first = browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    app.wait_minutes(20);
    let later = browser.get(paths::SESSION).await.signed_in();
    assert_eq!(later.now, "2026-01-05T08:20:00Z");
    assert_eq!(later.idle_expires_at, first.idle_expires_at);
    assert_eq!(later.absolute_expires_at, first.absolute_expires_at);
    assert_eq!(browser.get(paths::ACCOUNT).await.status, 200);
    app.wait_minutes(10);
    assert!(!browser.is_signed_in().await, "neither did reading the account");
}

async fn a_session_ends_when_nothing_is_done(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    app.clock.advance(30 * 60 - 1);
    assert!(browser.is_signed_in().await, "a second before its end");
    app.clock.advance(1);
    assert!(!browser.is_signed_in().await);
    for path in [paths::ACCOUNT, paths::SERVICES] {
        browser.get(path).await.refused(401, ErrorCode::SessionRequired);
    }
}

async fn a_session_can_be_extended_but_never_past_its_absolute_end(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let start = browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let token = browser.cookie();
    let mut last = start.clone();
    for _ in 0..9 {
        app.wait_minutes(25);
        last = browser
            .post(paths::SESSION_EXTENSION, &json!({}))
            .await
            .signed_in();
        assert_eq!(last.absolute_expires_at, start.absolute_expires_at);
    }
    assert_eq!(last.now, "2026-01-05T11:45:00Z");
    assert_eq!(
        last.idle_expires_at, start.absolute_expires_at,
        "15 minutes are left, not 30"
    );
    assert_eq!(browser.cookie(), token, "the token stays");
    assert_eq!(
        browser.get(paths::SESSION).await.signed_in(),
        last,
        "it was written down"
    );
    app.clock.advance(15 * 60 - 1);
    assert!(browser.is_signed_in().await);
    app.clock.advance(1);
    assert!(!browser.is_signed_in().await);
}

async fn an_ended_session_can_not_be_extended(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    app.wait_minutes(30);
    let answer = browser.post(paths::SESSION_EXTENSION, &json!({})).await;
    answer.refused(401, ErrorCode::SessionRequired);
    assert!(!browser.is_signed_in().await);
}

async fn a_session_of_one_portal_opens_nothing_on_another(database: TestDatabase) {
    let app = App::start(database).await;
    app.create("paca", "jeanne").await;
    app.create("aura", "jeanne").await;
    let paca = app.browser("paca");
    paca.sign_in("jeanne", PASSWORD).await.signed_in();
    let aura = app.browser("aura");
    aura.hold(paca.cookie());
    assert_eq!(aura.session().await, SessionState::Anonymous);
    for path in [paths::ACCOUNT, paths::SERVICES] {
        aura.get(path).await.refused(401, ErrorCode::SessionRequired);
    }
    let extension = aura.post(paths::SESSION_EXTENSION, &json!({})).await;
    extension.refused(401, ErrorCode::SessionRequired);
    let change = aura
        .change_password("jeanne", PASSWORD, "Tortue&1987-verte")
        .await;
    change.refused(401, ErrorCode::SessionRequired);
    assert_eq!(aura.sign_out().await.status, 204);
    assert!(paca.is_signed_in().await, "nor can it be ended from there");
}

async fn a_disabled_accounts_sessions_open_nothing_from_then_on(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    app.disable_everybody().await;
    assert!(!browser.is_signed_in().await);
    browser
        .get(paths::ACCOUNT)
        .await
        .refused(401, ErrorCode::SessionRequired);
    let extension = browser.post(paths::SESSION_EXTENSION, &json!({})).await;
    extension.refused(401, ErrorCode::SessionRequired);
    let change = browser
        .change_password("jeanne.lefevre", PASSWORD, "Tortue&1987-verte")
        .await;
    change.refused(401, ErrorCode::SessionRequired);
}

async fn signing_out_ends_the_session_and_empties_the_browser(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let token = browser.cookie();
    let answer = browser.sign_out().await;
    assert_eq!(answer.status, 204);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    let cookie = answer.cookie().unwrap();
    assert_eq!(
        (cookie.name.as_str(), cookie.value.as_str()),
        ("__Host-portique", "")
    );
    let attributes = ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=0", "Secure"];
    assert_eq!(cookie.attributes, attributes);
    browser.hold(token);
    assert!(
        !browser.is_signed_in().await,
        "the token is dead, not only forgotten"
    );
    assert_eq!(app.results_of("sign_out").await, ["success"]);
}

async fn signing_out_twice_or_without_a_session_is_no_error(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    assert_eq!(browser.sign_out().await.status, 204);
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let token = browser.cookie();
    for _ in 0..2 {
        browser.hold(token.clone());
        assert_eq!(browser.sign_out().await.status, 204);
    }
    assert_eq!(
        app.results_of("sign_out").await,
        ["success"],
        "only one session ended"
    );
}

async fn signing_out_here_leaves_the_other_browser_signed_in(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let (here, there) = (app.browser("paca"), app.browser("paca"));
    here.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    there.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    here.sign_out().await;
    assert!(!here.is_signed_in().await);
    assert!(there.is_signed_in().await);
}

async fn each_portal_has_its_own_lifetimes(database: TestDatabase) {
    let installation = crate::support::Installation::new(&database.url());
    let lifetimes = "[session]\nidle_minutes = 5\nabsolute_minutes = 7";
    installation.append("portals/aura.toml", lifetimes);
    let app = App::start_from(database, installation, false).await;
    for preset in ["paca", "aura"] {
        app.create(preset, "jeanne").await;
    }
    let (paca, aura) = (app.browser("paca"), app.browser("aura"));
    paca.sign_in("jeanne", PASSWORD).await.signed_in();
    let session = aura.sign_in("jeanne", PASSWORD).await.signed_in();
    assert_eq!(session.idle_expires_at, "2026-01-05T08:05:00Z");
    assert_eq!(session.absolute_expires_at, "2026-01-05T08:07:00Z");
    app.wait_minutes(5);
    assert!(!aura.is_signed_in().await);
    assert!(paca.is_signed_in().await);
}
