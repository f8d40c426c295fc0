//! Codes by SMS: who is offered one, where it goes, what it opens.

use portique_domain::account::{Account, Privilege, Privileges};
use portique_domain::outbox::Channel;
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::second_step::{Destination, NoSms, SecondStepView};
use portique_shared::types::PhoneNumber;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use serde_json::{Value, json};

use crate::second_step::{look, step, waiting};
use crate::support::{Answer, App, Browser, PASSWORD, eventually, portique};

on_each_database!(
    a_person_with_a_phone_chooses_between_mail_and_sms_and_is_in_with_the_code,
    the_sms_stands_in_the_demos_mailbox_and_binds_its_code_to_the_portals_host,
    without_a_phone_the_mail_leaves_at_once_and_the_page_says_where_to_add_one,
    a_number_that_the_portal_sends_nothing_to_is_not_offered,
    a_portal_that_sends_no_sms_offers_none_and_says_nothing_of_it,
    an_sms_is_sent_again_after_thirty_seconds,
    the_operators_listings_tell_the_channel_and_a_masked_number,
);

pub const PHONE: &str = "+33612345678";

/// `chef` on a portal, who runs it, with a phone.
pub async fn chief_with(app: &App, portal: &str, phone: Option<&str>) -> Account {
    let mut account = app.draft(portal, "chef").await;
    account.record.privileges = Privileges::new([Privilege::Administrator]);
    account.record.rescue_email = None;
    account.record.rescue_phone = phone.map(|phone| PhoneNumber::parse(phone).unwrap());
    app.insert(&account).await;
    account
}

pub async fn send(browser: &Browser<'_>, to: &str) -> Answer {
    let body = json!({ "to": to });
    browser.post(paths::SECOND_STEP_SENDING, &body).await
}

/// The SMS in the demo's mailbox, once there are as many.
async fn texts(app: &App, count: usize) -> Vec<Value> {
    eventually("the SMS", async || {
        let all: Vec<Value> = app.browser("paca").get("/demo/messages").await.ok();
        let texts: Vec<Value> = all
            .into_iter()
            .filter(|message| message["channel"] == "sms")
            .collect();
        (texts.len() >= count).then_some(texts)
    })
    .await
}

async fn a_person_with_a_phone_chooses_between_mail_and_sms_and_is_in_with_the_code(database: TestDatabase) {
    let app = App::start(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    let step = waiting(&browser).await;
    let offered: Vec<_> = step
        .destinations
        .iter()
        .map(|place| (place.kind, place.masked.as_str()))
        .collect();
    assert_eq!(
        offered,
        [
            (Destination::Email, "jxxxxxx@exxx.org"),
            (Destination::RescuePhone, "06 xx xx xx 78")
        ]
    );
    assert_eq!(
        (step.sent, step.no_sms),
        (None, None),
        "nothing leaves before the choice"
    );
    assert!(app.queue().await.is_empty());
    let sent: SecondStepView = send(&browser, "rescue_phone").await.ok();
    assert_eq!(sent.sent.as_ref().unwrap().to, Destination::RescuePhone);
    assert_eq!(app.queue().await[0].channel, Channel::Sms);
    let code = app.code(&sent).await;
    browser.type_code(&code).await.signed_in();
    assert_eq!(app.trail().await.last().unwrap().factor, "sms_code");
}

async fn the_sms_stands_in_the_demos_mailbox_and_binds_its_code_to_the_portals_host(database: TestDatabase) {
    let app = App::demo(database).await;
    let browser = app.browser("paca");
    let waits = step(&browser.sign_in("mobile", "Portique#2026").await);
    assert_eq!(waits.destinations[1].masked, "06 xx xx xx 78");
    let sent: SecondStepView = send(&browser, "rescue_phone").await.ok();
    let code = app.code(&sent).await;
    let text = texts(&app, 1).await.remove(0);
    assert_eq!(
        (text["to"].as_str(), text["portal"].as_str()),
        (Some(PHONE), Some("paca"))
    );
    let words = text["text"].as_str().unwrap();
    assert!(words.starts_with("Portail de santé PACA: "), "{words}");
    assert!(words.ends_with(&format!("\n@paca.example #{code}")), "{words}");
    let page = browser.get("/demo/mailbox").await;
    assert!(page.text().contains(&format!("#{code}")) && !page.text().contains("<iframe"));
    browser.type_code(&code).await.signed_in();
}

async fn without_a_phone_the_mail_leaves_at_once_and_the_page_says_where_to_add_one(database: TestDatabase) {
    let app = App::start(database).await;
    chief_with(&app, "aura", None).await;
    let browser = app.browser("aura");
    let step = step(&browser.sign_in("chef", PASSWORD).await);
    assert_eq!(step.destinations.len(), 1);
    assert_eq!(step.sent.unwrap().to, Destination::Email);
    assert_eq!(step.no_sms, Some(NoSms::NoPhone));
    send(&browser, "rescue_phone")
        .await
        .refused(422, ErrorCode::ValidationFailed);
}

async fn a_number_that_the_portal_sends_nothing_to_is_not_offered(database: TestDatabase) {
    let app = App::start(database).await;
    let file = "portals/aura.toml";
    app.installation
        .append(file, "[second_factor]\nsms_countries = [\"BE\"]");
    let other = App::start_from(
        app.database.clone(),
        crate::support::Installation::new(&app.database.url()),
        false,
    );
    let abroad = other.await;
    chief_with(&abroad, "paca", Some("+32470123456")).await;
    let browser = abroad.browser("paca");
    let waits = waiting(&browser).await;
    assert_eq!(
        (waits.destinations.len(), waits.no_sms),
        (1, Some(NoSms::OtherPhone))
    );
    send(&browser, "rescue_phone")
        .await
        .refused(422, ErrorCode::ValidationFailed);
    let config = app.installation.read().unwrap();
    let aura = config
        .sites
        .iter()
        .find(|site| site.portal.name.as_str() == "aura")
        .unwrap();
    let belgian = PhoneNumber::parse("+32470123456").unwrap();
    assert!(aura.portal.second_factor.sms_countries.take(&belgian));
}

async fn a_portal_that_sends_no_sms_offers_none_and_says_nothing_of_it(database: TestDatabase) {
    let app = App::start(database).await;
    for portal in ["normandie", "neutral"] {
        chief_with(&app, portal, Some(PHONE)).await;
        let browser = app.browser(portal);
        let step = step(&browser.sign_in("chef", PASSWORD).await);
        assert_eq!((step.destinations.len(), step.no_sms), (1, None), "{portal}");
        send(&browser, "rescue_phone")
            .await
            .refused(422, ErrorCode::ValidationFailed);
    }
}

async fn an_sms_is_sent_again_after_thirty_seconds(database: TestDatabase) {
    let app = App::demo(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
    app.clock.advance(29);
    send(&browser, "rescue_phone")
        .await
        .refused(429, ErrorCode::TooManyRequests);
    app.clock.advance(1);
    let again: SecondStepView = send(&browser, "rescue_phone").await.ok();
    assert_eq!(texts(&app, 2).await.len(), 2);
    let code = app.code(&again).await;
    browser.type_code(&code).await.signed_in();
    look(&browser).await.refused(401, ErrorCode::SecondStepEnded);
}

async fn the_operators_listings_tell_the_channel_and_a_masked_number(database: TestDatabase) {
    let app = App::demo(database).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    let sent: SecondStepView = send(&browser, "rescue_phone").await.ok();
    texts(&app, 1).await;
    let report = eventually("what the gateway said", async || {
        app.queue().await[0]
            .reported
            .clone()
            .map(|reported| reported.report)
    });
    assert_eq!(report.await.state.word(), "accepted");
    let file = app.installation.file();
    let run = |arguments: &[&str]| {
        let ran = portique(&[&["--config", file.to_str().unwrap()], arguments].concat());
        assert!(ran.ok, "{}", ran.err);
        assert!(!ran.out.contains("612345678"), "{}", ran.out);
        ran.out
    };
    let listed = run(&["outbox", "list"]);
    for told in [" sms ", " chef ", " 06 xx xx xx 78 ", "report accepted at 20"] {
        assert!(listed.contains(told), "{told}: {listed}");
    }
    let shown = run(&["reference", "show", &sent.sent.unwrap().reference]);
    for told in ["sms", "to 06 xx xx xx 78 (chef)", "the SMS gateway took it"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}
