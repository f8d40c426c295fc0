use jiff::SignedDuration;
use portique_domain::portal::PortalName;
use portique_domain::throttle::{Throttle, ThrottleKey};
use portique_shared::api::problem::ErrorCode;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::support::{Answer, App, PASSWORD};

on_each_database!(
    five_wrong_tries_cost_a_minute_and_each_further_one_twice_as_much,
    a_limit_tells_nothing_of_whether_an_account_exists,
    an_account_is_not_tried_more_than_25_times_a_day,
    success_clears_the_accounts_count,
    one_persons_limit_is_nobody_elses,
    an_address_that_tries_many_accounts_is_stopped_and_others_are_not,
    tries_on_blocked_accounts_meet_the_addresss_limit,
    a_blocked_address_blocks_no_account,
    a_right_password_does_not_count_against_its_address,
    fifty_wrong_tries_at_one_instant_are_fifty_tries,
);

fn is_refused(answer: &Answer) {
    answer.refused(401, ErrorCode::CredentialsRefused);
}

/// Seconds until the next try.
fn retry_after(answer: &Answer) -> u32 {
    let problem = answer.refused(429, ErrorCode::TooManyAttempts);
    problem.retry_after.unwrap()
}

async fn five_wrong_tries_cost_a_minute_and_each_further_one_twice_as_much(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for _ in 0..5 {
        is_refused(&browser.sign_in("jeanne.lefevre", "wrong").await);
    }
    for minutes in [1, 2, 4, 8] {
        let blocked = browser.sign_in("jeanne.lefevre", PASSWORD).await;
        assert_eq!(retry_after(&blocked), minutes * 60, "even the right one waits");
        app.clock.advance(minutes * 60 - 1);
        let too_early = browser.sign_in("JEANNE.LEFÈVRE", PASSWORD).await;
        assert_eq!(retry_after(&too_early), 1);
        app.clock.advance(1);
        is_refused(&browser.sign_in("jeanne.lefevre", "wrong").await);
    }
    app.wait_minutes(16);
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
}

async fn a_limit_tells_nothing_of_whether_an_account_exists(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for _ in 0..7 {
        let somebody = browser.sign_in("jeanne.lefevre", "wrong").await;
        let nobody = browser.sign_in("nobody.at.all", "wrong").await;
        assert_eq!(somebody.without_id(), nobody.without_id());
    }
    let results = app.results_of("sign_in").await;
    assert_eq!(
        results[10..],
        ["throttled", "throttled", "throttled", "throttled"]
    );
}

async fn an_account_is_not_tried_more_than_25_times_a_day(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let day = SignedDuration::from_hours(24);
    let start = app.now();
    let mut tries = 0;
    while app.now() < start + day {
        let answer = browser.sign_in("jeanne.lefevre", "wrong").await;
        if answer.status == 429 {
            app.clock.advance(retry_after(&answer));
        } else {
            is_refused(&answer);
            tries += 1;
        }
    }
    assert!((5..=25).contains(&tries), "{tries}");
    assert_eq!(app.now(), start + day, "the day's limit ends with the day");
    browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
}

async fn success_clears_the_accounts_count(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for _ in 0..3 {
        for _ in 0..4 {
            is_refused(&browser.sign_in("jeanne.lefevre", "wrong").await);
        }
        browser.sign_in("jeanne.lefevre", PASSWORD).await.signed_in();
    }
}

async fn one_persons_limit_is_nobody_elses(database: TestDatabase) {
    let app = App::start(database).await;
    for (preset, identifier) in [("paca", "jeanne"), ("paca", "berthe"), ("aura", "jeanne")] {
        app.create(preset, identifier).await;
    }
    let browser = app.browser("paca");
    for _ in 0..5 {
        is_refused(&browser.sign_in("jeanne", "wrong").await);
    }
    retry_after(&browser.sign_in_from("203.0.113.9", "jeanne", PASSWORD).await);
    browser.sign_in("berthe", PASSWORD).await.signed_in();
    app.browser("aura").sign_in("jeanne", PASSWORD).await.signed_in();
}

/// Writes down that `failures` wrong tries came from `address` on paca just now.
async fn address_failed(app: &App, address: &str, failures: u32) {
    let key = ThrottleKey::address(&PortalName::parse("paca").unwrap(), address.parse().unwrap());
    let mut unit = app.tools.store.begin().await.unwrap();
    let throttle = Throttle {
        failures,
        ..Throttle::fresh(key, app.now())
    };
    unit.save_throttle(&throttle).await.unwrap();
    unit.commit().await.unwrap();
}

async fn an_address_that_tries_many_accounts_is_stopped_and_others_are_not(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    app.create("aura", "jeanne.lefevre").await;
    address_failed(&app, "203.0.113.9", 98).await;
    let browser = app.browser("paca");
    for identifier in ["anne", "berthe"] {
        is_refused(&browser.sign_in_from("203.0.113.9", identifier, PASSWORD).await);
    }
    let blocked = browser.sign_in_from("203.0.113.9", "claire", PASSWORD).await;
    assert_eq!(retry_after(&blocked), 60);
    retry_after(
        &browser
            .sign_in_from("203.0.113.9", "jeanne.lefevre", PASSWORD)
            .await,
    );
    let elsewhere = browser
        .sign_in_from("203.0.113.10", "jeanne.lefevre", PASSWORD)
        .await;
    elsewhere.signed_in();
    let other_portal = app.browser("aura");
    let other_portal = other_portal
        .sign_in_from("203.0.113.9", "jeanne.lefevre", PASSWORD)
        .await;
    other_portal.signed_in();
}

async fn tries_on_blocked_accounts_meet_the_addresss_limit(database: TestDatabase) {
    let app = App::start(database).await;
    let browser = app.browser("paca");
    for _ in 0..5 {
        is_refused(&browser.sign_in_from("203.0.113.50", "jeanne", "wrong").await);
    }
    address_failed(&app, "203.0.113.9", 98).await;
    for _ in 0..2 {
        app.clock.advance(1);
        let blocked = browser.sign_in_from("203.0.113.9", "jeanne", "wrong").await;
        assert!(
            retry_after(&blocked) < 60,
            "it is the account's delay that is told"
        );
    }
    let anybody = browser.sign_in_from("203.0.113.9", "anne", "wrong").await;
    assert_eq!(retry_after(&anybody), 60);
    is_refused(&browser.sign_in_from("203.0.113.10", "anne", "wrong").await);
}

async fn a_blocked_address_blocks_no_account(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    address_failed(&app, "203.0.113.9", 99).await;
    let browser = app.browser("paca");
    is_refused(&browser.sign_in_from("203.0.113.9", "anne", "wrong").await);
    for _ in 0..10 {
        retry_after(
            &browser
                .sign_in_from("203.0.113.9", "jeanne.lefevre", "wrong")
                .await,
        );
    }
    let elsewhere = browser
        .sign_in_from("203.0.113.10", "jeanne.lefevre", PASSWORD)
        .await;
    elsewhere.signed_in();
}

async fn a_right_password_does_not_count_against_its_address(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    for (address, failures) in [("203.0.113.9", 98), ("203.0.113.10", 150)] {
        address_failed(&app, address, failures).await;
        for _ in 0..4 {
            let right = browser.sign_in_from(address, "jeanne.lefevre", PASSWORD).await;
            right.signed_in();
        }
    }
    is_refused(&browser.sign_in_from("203.0.113.10", "anne", "wrong").await);
    let delayed = browser
        .sign_in_from("203.0.113.10", "jeanne.lefevre", PASSWORD)
        .await;
    assert!(retry_after(&delayed) > 60, "the wrong ones stay counted");
}

async fn fifty_wrong_tries_at_one_instant_are_fifty_tries(database: TestDatabase) {
    let app = App::start(database).await;
    app.jeanne().await;
    let browser = app.browser("paca");
    let mut answers = Vec::new();
    let tries: Vec<_> = (0..50)
        .map(|number| {
            let body =
                serde_json::json!({ "identifier": "jeanne.lefevre", "password": format!("wrong {number}") });
            let request = browser
                .request(reqwest::Method::POST, portique_shared::api::paths::SESSION)
                .json(&body);
            tokio::spawn(request.send())
        })
        .collect();
    for answer in tries {
        answers.push(answer.await.unwrap().unwrap().status().as_u16());
    }
    let verified = answers.iter().filter(|status| **status == 401).count();
    let turned_away = answers.iter().filter(|status| **status == 429).count();
    assert_eq!((verified, turned_away), (5, 45), "{answers:?}");
    let results = app.results_of("sign_in").await;
    let wrong = results
        .iter()
        .filter(|result| *result == "wrong_password")
        .count();
    assert_eq!((wrong, results.len()), (5, 50), "each is in the trail");
}
