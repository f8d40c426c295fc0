//! What SMS may cost: for an account, an address, and the portal's day.

use portique_shared::api::problem::ErrorCode;
use portique_shared::api::second_step::{Destination, SecondStepView};
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::second_step::{look, step, waiting};
use crate::sms::{PHONE, chief_with, send};
use crate::support::{App, Installation, PASSWORD};

on_each_database!(
    the_portals_day_spent_the_page_says_so_and_a_mail_still_goes,
    an_account_has_twenty_sms_a_day_whatever_it_signs_in_with,
    what_is_refused_spends_nothing,
    whose_sms_are_spent_spends_nobody_elses_from_there,
);

/// A portal that pays for so many SMS a day.
async fn paying_for(database: TestDatabase, sms: u32) -> App {
    let installation = Installation::new(&database.url());
    let budget = format!("[second_factor]\nsms_per_day = {sms}");
    installation.append("portals/paca.toml", &budget);
    App::start_from(database, installation, false).await
}

/// Whether so many SMS are counted for the account, for the address and for the portal.
async fn are_counted(app: &App, [account, address, portal]: [u32; 3]) -> bool {
    let these = format!(
        "UPDATE throttles SET failures = failures WHERE kind = 'sms_account' AND failures = {account} \
         OR kind = 'sms_address' AND failures = {address} OR kind = 'sms_portal' AND failures = {portal}"
    );
    app.database.run_by_hand(&these).await.unwrap() == 3
}

async fn the_portals_day_spent_the_page_says_so_and_a_mail_still_goes(database: TestDatabase) {
    let app = paying_for(database, 2).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    for _ in 0..2 {
        send(&browser, "rescue_phone").await.ok::<SecondStepView>();
        app.clock.advance(60);
    }
    let before = look(&browser).await.ok::<SecondStepView>();
    let spent = send(&browser, "rescue_phone")
        .await
        .refused(429, ErrorCode::SmsSpent);
    assert_eq!(spent.retry_after, Some(24 * 3_600 - 120));
    assert_eq!(
        look(&browser).await.ok::<SecondStepView>(),
        before,
        "the code before is as good as it was"
    );
    let mailed: SecondStepView = send(&browser, "email").await.ok();
    assert_eq!(mailed.sent.as_ref().unwrap().to, Destination::Email);
    browser.type_code(&app.code(&mailed).await).await.signed_in();
    let results = app.results_of("code_sent").await;
    assert_eq!(results, ["success", "success", "throttled", "success"]);
    app.clock.advance(24 * 3_600);
    waiting(&browser).await;
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
}

async fn an_account_has_twenty_sms_a_day_whatever_it_signs_in_with(database: TestDatabase) {
    let app = App::start(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    for number in 0..20 {
        let browser = app.browser("paca");
        waiting(&browser).await;
        let sent: SecondStepView = send(&browser, "rescue_phone").await.ok();
        // Signing in clears what is counted for codes, and nothing of what is counted for SMS.
        browser.type_code(&app.code(&sent).await).await.signed_in();
        assert!(number < 20);
        app.clock.advance(61);
    }
    let browser = app.browser("paca");
    waiting(&browser).await;
    send(&browser, "rescue_phone")
        .await
        .refused(429, ErrorCode::SmsSpent);
    // Another person is not concerned.
    let mut other = app.draft("paca", "autre").await;
    other.record.rescue_phone = Some(PHONE.parse().unwrap());
    other.record.privileges = chief_with(&app, "aura", None).await.record.privileges;
    app.insert(&other).await;
    let browser = app.browser("paca");
    step(&browser.sign_in("autre", PASSWORD).await);
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
}

async fn what_is_refused_spends_nothing(database: TestDatabase) {
    let app = paying_for(database, 1).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
    // Too soon: neither the account's SMS nor the portal's are spent by it.
    for _ in 0..30 {
        send(&browser, "rescue_phone")
            .await
            .refused(429, ErrorCode::TooManyRequests);
    }
    app.clock.advance(31);
    for _ in 0..30 {
        send(&browser, "rescue_phone")
            .await
            .refused(429, ErrorCode::SmsSpent);
    }
    assert!(are_counted(&app, [1, 1, 1]).await);
    // What is counted for codes is not spent either: the mail goes at once.
    send(&browser, "email").await.ok::<SecondStepView>();
}

async fn whose_sms_are_spent_spends_nobody_elses_from_there(database: TestDatabase) {
    let app = App::start(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
    app.clock.advance(31);
    let spent = "UPDATE throttles SET failures = 19 WHERE kind = 'sms_account'";
    assert_eq!(app.database.run_by_hand(spent).await.unwrap(), 1);
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
    assert!(are_counted(&app, [20, 2, 2]).await);
    app.clock.advance(31);
    for _ in 0..30 {
        send(&browser, "rescue_phone")
            .await
            .refused(429, ErrorCode::SmsSpent);
    }
    assert!(are_counted(&app, [20, 2, 2]).await);
}
