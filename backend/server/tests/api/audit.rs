use portique_domain::account::AccountStatus;
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{App, NEW_PASSWORD, PASSWORD};

on_each_database!(
    every_attempt_is_written_down_with_who_what_when_where_and_how_it_ended,
    the_trail_holds_neither_what_was_typed_nor_a_token,
    the_trail_stays_unbroken_when_many_write_at_once,
    a_forged_address_does_not_get_into_the_trail,
);

async fn every_attempt_is_written_down_with_who_what_when_where_and_how_it_ended(database: TestDatabase) {
    let app = App::start(database).await;
    let account = app.jeanne().await;
    let browser = app.browser("paca");
    browser.sign_in_from("203.0.113.9", "nobody", PASSWORD).await;
    app.wait_minutes(1);
    browser
        .sign_in_from("2001:db8::7", "jeanne.lefevre", "wrong")
        .await;
    browser
        .sign_in_from("::ffff:198.51.100.4", "jeanne.lefevre", PASSWORD)
        .await;
    app.wait_minutes(1);
    browser
        .change_password("jeanne.lefevre", PASSWORD, NEW_PASSWORD)
        .await
        .signed_in();
    browser.sign_out().await;
    let trail = app.trail().await;
    let id = account.id.0.to_string();
    let told: Vec<_> = trail
        .iter()
        .map(|entry| {
            assert_eq!(entry.portal, "paca");
            [
                &entry.at,
                &entry.action,
                &entry.result,
                &entry.factor,
                &entry.account,
                &entry.address,
            ]
            .map(String::as_str)
        })
        .collect();
    let (first, second, third) = (
        "2026-01-05T08:00:00.000Z",
        "2026-01-05T08:01:00.000Z",
        "2026-01-05T08:02:00.000Z",
    );
    assert_eq!(
        told,
        [
            [
                first,
                "sign_in",
                "unknown_identifier",
                "password",
                "",
                "203.0.113.9"
            ],
            [
                second,
                "sign_in",
                "wrong_password",
                "password",
                &id,
                "2001:db8::7"
            ],
            [second, "sign_in", "success", "password", &id, "198.51.100.4"],
            [third, "password_change", "success", "password", &id, "127.0.0.1"],
            [third, "sign_out", "success", "", &id, "127.0.0.1"],
        ]
    );
    let mut previous = None;
    for entry in &trail {
        assert!(entry.follows(previous), "{}", entry.sequence);
        previous = Some(entry);
    }
}

async fn the_trail_holds_neither_what_was_typed_nor_a_token(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    // People type their password into the identifier's field.
    browser.sign_in(NEW_PASSWORD, "wrong").await;
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    let token = browser.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    let trail = serde_json::to_string(&app.trail().await).unwrap();
    for secret in [PASSWORD, NEW_PASSWORD, "wrong\"", "jeanne", &token] {
        assert!(!trail.contains(secret), "{secret}");
    }
}

async fn the_trail_stays_unbroken_when_many_write_at_once(database: TestDatabase) {
    let app = App::start(database).await;
    for number in 0..12 {
        let mut account = app.draft("paca", &format!("person{number}")).await;
        if number % 3 == 0 {
            account.status = AccountStatus::Disabled;
        }
        app.insert(&account).await;
    }
    let browser = app.browser("paca");
    let tries: Vec<_> = (0..12)
        .map(|number| {
            let body = serde_json::json!({ "identifier": format!("person{number}"), "password": PASSWORD });
            let request = browser.request(reqwest::Method::POST, portique_shared::api::paths::SESSION);
            tokio::spawn(request.json(&body).send())
        })
        .collect();
    for answer in tries {
        let status = answer.await.unwrap().unwrap().status().as_u16();
        assert!(matches!(status, 200 | 401), "{status}");
    }
    let trail = app.trail().await;
    assert_eq!(trail.len(), 12);
    let mut previous = None;
    for entry in &trail {
        assert!(entry.follows(previous), "{}", entry.sequence);
        previous = Some(entry);
    }
}

async fn a_forged_address_does_not_get_into_the_trail(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for forged in ["6.6.6.6, 203.0.113.9", "nonsense, 203.0.113.9", "203.0.113.9"] {
        let answer = browser.sign_in_from(forged, "nobody", "wrong").await;
        answer.refused(401, ErrorCode::CredentialsRefused);
    }
    let trail = app.trail().await;
    assert!(
        trail.iter().all(|entry| entry.address == "203.0.113.9"),
        "{trail:?}"
    );
}
