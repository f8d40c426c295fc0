use portique_domain::account::PasswordState;
use portique_domain::outbox::Message;
use portique_shared::Language;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use serde_json::json;

use crate::support::{App, NEW_PASSWORD, PASSWORD};

on_each_database!(
    the_new_password_takes_the_old_ones_place,
    every_other_session_ends_and_this_browser_gets_a_new_one,
    the_confirmation_is_queued_in_the_pages_language,
    a_change_is_told_to_each_address_of_the_moment,
    wrong_current_passwords_make_their_person_wait_and_nobody_at_the_door,
    of_two_changes_at_once_one_wins,
    of_two_changes_by_two_browsers_one_wins,
    a_password_of_1024_bytes_is_taken_whole,
    what_is_no_change_leaves_everything_as_it_was,
    without_its_confirmation_the_change_does_not_happen,
);

const NAME: &str = "jeanne.lefevre";

async fn the_new_password_takes_the_old_ones_place(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    app.wait_minutes(5);
    let session = browser
        .change_password("JEANNE.LEFÈVRE", PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    assert_eq!(session.person.identifier, NAME);
    assert!(!session.password_change_required);
    let stored = app.reread(&account).await.password;
    assert!(matches!(stored, PasswordState::Definitive { changed_at, .. } if changed_at == app.now()));
    let view = browser.get(paths::ACCOUNT).await;
    assert!(
        view.text()
            .contains("\"password_changed_at\":\"2026-01-05T08:05:00Z\"")
    );
    let fresh = app.browser("paca");
    let old = fresh.sign_in(NAME, PASSWORD).await;
    old.refused(401, ErrorCode::CredentialsRefused);
    fresh.sign_in(NAME, NEW_PASSWORD).await.signed_in();
    assert_eq!(app.results_of("password_change").await, ["success"]);
}

async fn every_other_session_ends_and_this_browser_gets_a_new_one(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let (here, there) = (app.browser("paca"), app.browser("paca"));
    there.sign_in(NAME, PASSWORD).await.signed_in();
    app.wait_minutes(10);
    let before = here.sign_in(NAME, PASSWORD).await.signed_in();
    let stolen = here.cookie();
    app.wait_minutes(10);
    let answer = here.change_password(NAME, PASSWORD, NEW_PASSWORD).await;
    let attributes = answer.cookie().unwrap().attributes;
    assert_eq!(attributes, ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]);
    let after = answer.signed_in();
    assert_eq!(
        after.last_sign_in_at, before.last_sign_in_at,
        "a change is no sign-in"
    );
    assert_eq!(after.last_sign_in_at.as_deref(), Some("2026-01-05T08:00:00Z"));
    assert_eq!(after.idle_expires_at, "2026-01-05T08:50:00Z");
    assert_eq!(after.absolute_expires_at, "2026-01-05T12:20:00Z");
    assert_ne!(here.cookie(), stolen);
    assert!(here.is_signed_in().await);
    assert!(!there.is_signed_in().await);
    let thief = app.browser("paca");
    thief.hold(stolen);
    assert!(!thief.is_signed_in().await);
}

async fn the_confirmation_is_queued_in_the_pages_language(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    let body = |current: &str, new: &str| json!({ "identifier": NAME, "current_password": current, "new_password": new, "confirmation": new });
    let in_english = browser
        .request(Method::PUT, paths::PASSWORD)
        .header("accept-language", "en-GB,en;q=0.9")
        .json(&body(PASSWORD, NEW_PASSWORD));
    browser.send(in_english).await.signed_in();
    assert_eq!(app.reread(&account).await.language, Language::En);
    app.wait_minutes(1);
    // The choice made on the page outweighs the browser's.
    let own = browser.cookie().unwrap();
    browser.hold(Some(format!("{own}; lang=fr")));
    let in_french = browser
        .request(Method::PUT, paths::PASSWORD)
        .header("accept-language", "en-GB,en;q=0.9")
        .json(&body(NEW_PASSWORD, PASSWORD));
    browser.send(in_french).await.signed_in();
    let queued = app.queue().await;
    let languages: Vec<Language> = queued
        .iter()
        .map(|message| {
            assert_eq!(
                (message.account, message.portal.as_str()),
                (Some(account.id), "paca")
            );
            assert!(
                !String::from_utf8_lossy(&message.sealed).contains("language"),
                "sealed"
            );
            match message.open(&app.tools.keyring).unwrap() {
                Message::PasswordChanged { at, language, .. } => {
                    assert_eq!(at, message.created_at);
                    language
                }
                _ => panic!("nothing else was queued"),
            }
        })
        .collect();
    assert_eq!(languages, [Language::En, Language::Fr]);
}

async fn a_change_is_told_to_each_address_of_the_moment(database: TestDatabase) {
    let app = App::start(database).await;
    let mut account = app.draft("paca", NAME).await;
    account.record.rescue_email = Some("jeanne@ailleurs.example".parse().unwrap());
    app.insert(&account).await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    browser
        .change_password(NAME, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    // Whoever changed it gives the account another rescue address before the mails leave.
    let mut record = account.record.clone();
    record.rescue_email = Some("voleur@ailleurs.example".parse().unwrap());
    let mut unit = app.tools.store.begin().await.unwrap();
    unit.update_record(account.id, &record).await.unwrap();
    unit.commit().await.unwrap();
    let after = app.reread(&account).await;
    let mut told = Vec::new();
    for queued in app.queue().await {
        let message = queued.open(&app.tools.keyring).unwrap();
        assert_eq!(message.kind(), "password_changed");
        told.push(message.destination(Some(&after)).unwrap().to_string());
    }
    told.sort();
    let mut expected = [
        account.record.email.to_string(),
        "jeanne@ailleurs.example".to_owned(),
    ];
    expected.sort();
    assert_eq!(told, expected);
}

async fn wrong_current_passwords_make_their_person_wait_and_nobody_at_the_door(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    for _ in 0..5 {
        let answer = browser.change_password(NAME, "wrong", NEW_PASSWORD).await;
        answer.refused(422, ErrorCode::ValidationFailed);
    }
    let blocked = browser.change_password(NAME, PASSWORD, NEW_PASSWORD).await;
    assert_eq!(
        blocked.refused(429, ErrorCode::TooManyAttempts).retry_after,
        Some(60)
    );
    app.browser("paca").sign_in(NAME, PASSWORD).await.signed_in();
    let blocked = browser.change_password(NAME, PASSWORD, NEW_PASSWORD).await;
    blocked.refused(429, ErrorCode::TooManyAttempts);
    assert!(
        browser.is_signed_in().await,
        "the session is not ended by a guess"
    );
    app.wait_minutes(1);
    browser
        .change_password(NAME, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    let results = app.results_of("password_change").await;
    assert_eq!(results[..5], ["wrong_password"; 5]);
    assert_eq!(results[5..], ["throttled", "throttled", "success"]);
    app.browser("paca").sign_in(NAME, NEW_PASSWORD).await.signed_in();
}

/// Sends two changes at once and gives which of the two passwords won.
async fn race(app: &App, cookies: [Option<String>; 2]) -> usize {
    let browser = app.browser("paca");
    let passwords = ["Baleine+1851-blanche", "Corbeau+1845-noir"];
    let changes = [0, 1].map(|number| {
        browser.hold(cookies[number].clone());
        let new = passwords[number];
        let body = json!({ "identifier": NAME, "current_password": PASSWORD, "new_password": new, "confirmation": new });
        tokio::spawn(browser.request(Method::PUT, paths::PASSWORD).json(&body).send())
    });
    let mut statuses = Vec::new();
    for change in changes {
        statuses.push(change.await.unwrap().unwrap().status().as_u16());
    }
    let winner = statuses.iter().position(|status| *status == 200);
    let winner = winner.unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - winner], 401, "the other's session ended");
    for (number, password) in passwords.iter().enumerate() {
        let status = app.browser("paca").sign_in(NAME, password).await.status;
        assert_eq!(status, if number == winner { 200 } else { 401 });
    }
    let mails = app.queue().await.len();
    assert_eq!(mails, 1, "one change, one mail");
    winner
}

async fn of_two_changes_at_once_one_wins(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    race(&app, [browser.cookie(), browser.cookie()]).await;
}

async fn of_two_changes_by_two_browsers_one_wins(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let (here, there) = (app.browser("paca"), app.browser("paca"));
    here.sign_in(NAME, PASSWORD).await.signed_in();
    there.sign_in(NAME, PASSWORD).await.signed_in();
    let winner = race(&app, [here.cookie(), there.cookie()]).await;
    assert!(!here.is_signed_in().await, "{winner}");
    assert!(!there.is_signed_in().await, "{winner}");
}

async fn a_password_of_1024_bytes_is_taken_whole(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    let longest = format!("Aa1#{}", "xyz".repeat(340));
    assert_eq!(longest.len(), 1024);
    browser
        .change_password(NAME, PASSWORD, &longest)
        .await
        .signed_in();
    let cut = browser.sign_in(NAME, &longest[..1023]).await;
    cut.refused(401, ErrorCode::CredentialsRefused);
    browser.sign_in(NAME, &longest).await.signed_in();
}

async fn what_is_no_change_leaves_everything_as_it_was(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    let before = app.reread(&account).await;
    let cookie = browser.cookie();
    for (current, new) in [(PASSWORD, "short"), ("wrong", NEW_PASSWORD), (PASSWORD, PASSWORD)] {
        let answer = browser.change_password(NAME, current, new).await;
        answer.refused(422, ErrorCode::ValidationFailed);
    }
    assert_eq!(app.reread(&account).await, before);
    assert_eq!(browser.cookie(), cookie);
    assert!(browser.is_signed_in().await);
    assert!(app.queue().await.is_empty());
}

async fn without_its_confirmation_the_change_does_not_happen(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in(NAME, PASSWORD).await.signed_in();
    let before = app.reread(&account).await;
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    app.database.run_by_hand(&rename("outbox", "gone")).await.unwrap();
    let answer = browser.change_password(NAME, PASSWORD, NEW_PASSWORD).await;
    answer.refused(500, ErrorCode::Internal);
    app.database.run_by_hand(&rename("gone", "outbox")).await.unwrap();
    assert_eq!(app.reread(&account).await, before);
    assert!(browser.is_signed_in().await, "its session goes on");
    browser
        .change_password(NAME, PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
}
