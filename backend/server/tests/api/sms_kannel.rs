//! Codes through a real Kannel, from the choice to the phone's report.

use portique_delivery::testing::Kannel;
use portique_domain::outbox::{DeliveryState, QueuedMessage};
use portique_shared::api::second_step::SecondStepView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;

use crate::second_step::waiting;
use crate::sms::{PHONE, chief_with, send};
use crate::support::{App, Installation, eventually, free_port};

on_each_database!(
    kannel_takes_a_code_and_reports_that_the_phone_has_it,
    a_wrong_password_to_kannel_is_a_refusal_that_tells_no_secret,
    a_kannel_that_is_gone_or_hangs_is_tried_again,
);

/// The program, with that Kannel as its gateway, and somebody who asks for an SMS.
async fn with_sms(database: TestDatabase, kannel: &Kannel, password: &str) -> (App, String) {
    let installation = Installation::new(&database.url());
    let url = |port: u16| format!("http://127.0.0.1:{port}/cgi-bin/sendsms");
    installation.replace("portique.toml", &url(9), &url(kannel.sendsms));
    installation.replace(
        "portique.toml",
        "password = \"secret\"",
        &format!("password = \"{password}\""),
    );
    // Kannel comes back by the address that it is given, which must be known before the program listens.
    let port = free_port();
    installation.replace(
        "portique.toml",
        "gateway = \"kannel\"",
        &format!("gateway = \"kannel\"\ntimeout_seconds = 1\nreports_to = \"http://127.0.0.1:{port}\""),
    );
    let app = App::start_on(database, installation, port).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    let sent: SecondStepView = send(&browser, "rescue_phone").await.ok();
    let code = app.code(&sent).await;
    (app, code)
}

/// The only message, once it is as wanted.
async fn message(app: &App, what: &str, is: impl Fn(&QueuedMessage) -> bool) -> QueuedMessage {
    eventually(what, async || {
        app.queue().await.into_iter().find(|message| is(message))
    })
    .await
}

async fn kannel_takes_a_code_and_reports_that_the_phone_has_it(database: TestDatabase) {
    let kannel = Kannel::start().await;
    let (app, code) = with_sms(database, &kannel, "secret").await;
    let told = message(&app, "the phone's report", |message| {
        let report = message.reported.as_ref();
        let delivered = report.is_some_and(|reported| reported.report.state.word() == "delivered");
        // The phone may be quicker than what is written down of the sending.
        delivered && message.state == DeliveryState::Sent
    });
    told.await;
    let got = eventually("the SMS at the centre", async || {
        let got = kannel.got();
        got.contains(&format!("@paca.example #{code}")).then_some(got)
    })
    .await;
    // The accents came through Kannel's own alphabet, and the number as it was written.
    assert!(
        got.contains("PORTIQUE +33612345678 text Portail de santé PACA: "),
        "{got}"
    );
}

async fn a_wrong_password_to_kannel_is_a_refusal_that_tells_no_secret(database: TestDatabase) {
    let kannel = Kannel::start().await;
    let (app, _) = with_sms(database, &kannel, "wrong").await;
    let dead = message(&app, "a refusal", |message| message.state == DeliveryState::Dead).await;
    assert_eq!(
        dead.last_error.as_deref(),
        Some("the SMS gateway refuses the SMS: answer 403")
    );
    assert!(!kannel.got().contains("PORTIQUE"));
}

async fn a_kannel_that_is_gone_or_hangs_is_tried_again(database: TestDatabase) {
    let mut kannel = Kannel::start().await;
    kannel.freeze_smsbox();
    let (app, _) = with_sms(database, &kannel, "secret").await;
    let failed =
        |reason: &'static str| move |message: &QueuedMessage| message.last_error.as_deref() == Some(reason);
    let slow = message(
        &app,
        "a gateway that hangs",
        failed("the SMS gateway took longer than 1 s"),
    )
    .await;
    assert_eq!(slow.state, DeliveryState::Queued);
    kannel.stop_smsbox();
    app.clock.advance(60);
    app.ring();
    let gone = message(
        &app,
        "a gateway that is gone",
        failed("no connection to the SMS gateway"),
    )
    .await;
    assert_eq!((gone.state, gone.attempts), (DeliveryState::Queued, 2));
}
