//! `portique account invite`, `disable`, `enable`, beside a server that runs.

use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::security::{enrol, proved};
use crate::support::{App, PASSWORD, Ran, portique};

on_each_database!(
    somebody_whose_invitation_is_lost_is_invited_again,
    inviting_again_ends_what_the_older_invitation_opened,
    who_has_a_password_is_not_invited_again,
    a_disabled_account_is_closed_at_once_and_can_be_opened_again,
    nobody_is_told_so,
    lost_authenticators_are_taken_away_and_the_person_told,
);

fn account(app: &App, command: &str, identifier: &str) -> Ran {
    let file = app.installation.file();
    portique(&[
        "--config",
        file.to_str().unwrap(),
        "account",
        command,
        "--portal",
        "paca",
        "--identifier",
        identifier,
    ])
}

fn done(ran: &Ran) {
    assert!(ran.ok, "{}", ran.err);
}

/// What a command that was refused told.
fn refused(ran: &Ran) -> String {
    assert!(!ran.ok, "{}", ran.out);
    ran.err.clone()
}

async fn somebody_whose_invitation_is_lost_is_invited_again(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne.lefèvre").await;
    done(&account(&app, "invite", "Anne.Lefevre"));
    let queue = app.queue().await;
    assert_eq!(
        queue
            .iter()
            .map(|message| message.kind.as_str())
            .collect::<Vec<_>>(),
        ["invitation"]
    );
}

async fn inviting_again_ends_what_the_older_invitation_opened(database: TestDatabase) {
    let app = App::start(database).await;
    app.newcomer("paca", "anne").await;
    let browser = app.browser("paca");
    browser.sign_in("anne", PASSWORD).await.signed_in();
    done(&account(&app, "invite", "anne"));
    assert!(!browser.is_signed_in().await);
}

async fn who_has_a_password_is_not_invited_again(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let told = refused(&account(&app, "invite", "jeanne.lefevre"));
    assert!(
        told.contains("this person has a password of their own already"),
        "{told}"
    );
    assert!(app.queue().await.is_empty());
}

async fn a_disabled_account_is_closed_at_once_and_can_be_opened_again(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    done(&account(&app, "disable", "jeanne.lefevre"));
    let again = account(&app, "disable", "jeanne.lefevre");
    assert_eq!(
        again.out,
        "jeanne.lefevre: nothing changed, it is disabled already\n"
    );
    assert!(!browser.is_signed_in().await);
    browser
        .sign_in("jeanne.lefevre", PASSWORD)
        .await
        .refused(401, ErrorCode::CredentialsRefused);
    done(&account(&app, "enable", "jeanne.lefevre"));
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert_eq!(app.results_of("account_disabled").await, ["success"]);
    assert_eq!(app.results_of("account_enabled").await, ["success"]);
}

async fn nobody_is_told_so(database: TestDatabase) {
    let app = App::start(database).await;
    for command in ["invite", "disable", "enable"] {
        let told = refused(&account(&app, command, "nobody"));
        assert!(
            told.contains("nobody has this identifier on the portal"),
            "{told}"
        );
    }
}

async fn lost_authenticators_are_taken_away_and_the_person_told(database: TestDatabase) {
    let app = App::start(database).await;
    let (jeanne, browser) = proved(&app).await;
    enrol(&browser).await;
    let shown = account(&app, "show", "jeanne.lefevre");
    assert!(
        shown
            .out
            .contains("always asked (the person's choice); 1 application, 0 passkeys, 0 recovery codes left"),
        "{}",
        shown.out
    );
    let ran = account(&app, "reset-factors", "jeanne.lefevre");
    done(&ran);
    assert!(
        ran.out.contains("1 authenticator and 0 recovery codes removed"),
        "{}",
        ran.out
    );
    assert!(!browser.is_signed_in().await);
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    assert!(
        app.tools
            .store
            .factors(jeanne.id)
            .await
            .unwrap()
            .authenticators
            .is_empty()
    );
    assert_eq!(app.results_of("factors_reset").await, ["success"]);
    assert_eq!(app.queue().await.last().unwrap().kind, "security_changed");
    refused(&account(&app, "reset-factors", "nobody"));
}
