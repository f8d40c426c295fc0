use portique_domain::outbox::Message;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::json;

use crate::recovery::mail;
use crate::support::{App, NEW_PASSWORD, PASSWORD};

on_each_database!(
    a_provisional_password_leads_to_its_change_and_nowhere_else,
    once_changed_everything_opens_and_the_provisional_password_is_dead,
    the_rest_of_the_portal_stays_as_public_as_before,
    an_expired_provisional_password_is_told_to_who_knows_it_and_to_nobody_else,
    an_expired_provisional_password_is_no_wrong_try,
    a_session_begun_in_time_may_still_change_the_password,
    a_change_begun_with_one_invitation_outlives_a_newer_one_that_anybody_may_ask_for,
    on_every_portal_the_first_password_can_be_chosen,
);

async fn a_provisional_password_leads_to_its_change_and_nowhere_else(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    let browser = app.browser("paca");
    let session = browser.sign_in("anne", PASSWORD).await.signed_in();
    assert!(session.password_change_required);
    for path in [paths::ACCOUNT, paths::SERVICES] {
        let answer = browser.get(path).await;
        answer.refused(403, ErrorCode::PasswordChangeRequired);
    }
    assert!(
        browser
            .get(paths::SESSION)
            .await
            .signed_in()
            .password_change_required
    );
    let extended = browser.post(paths::SESSION_EXTENSION, &json!({})).await;
    assert!(
        extended.signed_in().password_change_required,
        "extending opens nothing"
    );
    let check = browser
        .post(paths::PASSWORD_CHECK, &json!({ "new_password": "x" }))
        .await;
    assert_eq!(check.status, 200);
    let again = browser.sign_in("anne", PASSWORD).await.signed_in();
    assert!(again.password_change_required, "nor does signing in again");
}

async fn once_changed_everything_opens_and_the_provisional_password_is_dead(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.newcomer("paca", "anne").await;
    let browser = app.browser("paca");
    browser.sign_in("anne", PASSWORD).await.signed_in();
    let restricted = browser.cookie();
    let session = browser
        .change_password("anne", PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    assert!(!session.password_change_required);
    for path in [paths::ACCOUNT, paths::SERVICES] {
        assert_eq!(browser.get(path).await.status, 200);
    }
    assert!(!app.reread(&account).await.password.is_provisional());
    let thief = app.browser("paca");
    thief.hold(restricted);
    assert!(!thief.is_signed_in().await);
    let provisional = thief.sign_in("anne", PASSWORD).await;
    provisional.refused(401, ErrorCode::CredentialsRefused);
    let chosen = thief.sign_in("anne", NEW_PASSWORD).await.signed_in();
    assert!(!chosen.password_change_required);
    let queued = app.queue().await;
    let [message] = queued.as_slice() else {
        panic!("one confirmation, not {}", queued.len())
    };
    let message = message.open(&app.tools.keyring).unwrap();
    assert!(matches!(message, Message::PasswordChanged { .. }));
}

async fn the_rest_of_the_portal_stays_as_public_as_before(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    let browser = app.browser("paca");
    browser.sign_in("anne", PASSWORD).await.signed_in();
    for path in [paths::PORTAL, "/api/pages/contacts", paths::HEALTH_LIVE, "/"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    assert_eq!(browser.sign_out().await.status, 204);
    assert!(!browser.is_signed_in().await);
}

async fn an_expired_provisional_password_is_told_to_who_knows_it_and_to_nobody_else(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    let browser = app.browser("paca");
    app.clock.advance(72 * 3_600 - 1);
    browser.sign_in("anne", PASSWORD).await.signed_in();
    browser.sign_out().await;
    app.clock.advance(1);
    let right = browser.sign_in("anne", PASSWORD).await;
    right.refused(403, ErrorCode::ProvisionalPasswordExpired);
    let wrong = browser.sign_in("anne", "wrong").await;
    wrong.refused(401, ErrorCode::CredentialsRefused);
    let nobody = browser.sign_in("nobody", "wrong").await;
    assert_eq!(wrong.without_id(), nobody.without_id());
    let results = app.results_of("sign_in").await;
    let expected = [
        "success",
        "provisional_expired",
        "wrong_password",
        "unknown_identifier",
    ];
    assert_eq!(results, expected);
}

async fn an_expired_provisional_password_is_no_wrong_try(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    app.wait_minutes(73 * 60);
    let browser = app.browser("paca");
    for _ in 0..7 {
        let answer = browser.sign_in("anne", PASSWORD).await;
        answer.refused(403, ErrorCode::ProvisionalPasswordExpired);
    }
}

async fn a_session_begun_in_time_may_still_change_the_password(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    app.wait_minutes(72 * 60 - 10);
    let browser = app.browser("paca");
    browser.sign_in("anne", PASSWORD).await.signed_in();
    app.wait_minutes(20);
    let changed = browser.change_password("anne", PASSWORD, NEW_PASSWORD).await;
    assert!(!changed.signed_in().password_change_required);
}

async fn a_change_begun_with_one_invitation_outlives_a_newer_one_that_anybody_may_ask_for(
    database: TestDatabase,
) {
    let app = App::demo(database).await;
    let browser = app.browser("aura");
    let (identifier, provisional) = ("premiere.connexion", "Provisoire#2026");
    browser.sign_in(identifier, provisional).await.signed_in();
    let stranger = app.browser("aura");
    let body = json!({ "subject": "premiere.connexion@demo.example", "captcha": stranger.proof().await });
    assert_eq!(stranger.post(paths::RECOVERY_INVITATION, &body).await.status, 202);
    mail(&app, "premiere.connexion@demo.example", 1).await;
    let outside = stranger.sign_in(identifier, provisional).await;
    outside.refused(401, ErrorCode::CredentialsRefused);
    let changed = browser
        .change_password(identifier, provisional, NEW_PASSWORD)
        .await;
    assert!(!changed.signed_in().password_change_required);
    stranger.sign_in(identifier, NEW_PASSWORD).await.signed_in();
}

async fn on_every_portal_the_first_password_can_be_chosen(database: TestDatabase) {
    let app = App::start(database).await;
    for preset in crate::support::Installation::PRESETS {
        app.newcomer(preset, "anne").await;
        let browser = app.browser(preset);
        browser.sign_in("anne", PASSWORD).await.signed_in();
        let body = json!({
            "identifier": "anne", "current_password": PASSWORD, "new_password": NEW_PASSWORD,
            "confirmation": NEW_PASSWORD, "captcha": browser.proof().await,
        });
        let changed = browser.put(paths::PASSWORD, &body).await;
        assert!(!changed.signed_in().password_change_required, "{preset}");
    }
}
