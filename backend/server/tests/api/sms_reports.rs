//! Gateways tell what became of an SMS; nobody else can.

use portique_delivery::sms::report_path;
use portique_domain::sms::report_token;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::second_step::SecondStepView;
use portique_storage::on_each_database;
use portique_storage::testing::TestDatabase;
use reqwest::Method;
use uuid::Uuid;

use crate::second_step::waiting;
use crate::sms::{PHONE, chief_with, send};
use crate::support::{App, Installation};

on_each_database!(
    a_report_is_taken_from_who_knows_the_messages_token_alone,
    what_was_delivered_stays_delivered,
    twilios_report_needs_its_signature_too,
    another_gateways_report_is_read_from_json_form_and_address,
    a_page_of_another_site_reports_nothing,
);

/// With that in the place of `[sms]`; and an SMS that somebody asked for.
async fn with_sms(database: TestDatabase, settings: &str) -> (App, Uuid) {
    let installation = Installation::new(&database.url());
    let file = std::fs::read_to_string(installation.file()).unwrap();
    let (before, rest) = file.split_once("[sms]").unwrap();
    let (_, after) = rest.split_once("[secrets]").unwrap();
    installation.write(
        "portique.toml",
        &format!("{before}[sms]\n{settings}\n[secrets]{after}"),
    );
    let app = App::start_from(database, installation, false).await;
    chief_with(&app, "paca", Some(PHONE)).await;
    let browser = app.browser("paca");
    waiting(&browser).await;
    send(&browser, "rescue_phone").await.ok::<SecondStepView>();
    let id = app.queue().await[0].id;
    (app, id)
}

const KANNEL: &str = "gateway = \"kannel\"\n[sms.kannel]\nurl = \"http://127.0.0.1:9/\"\nusername = \"a\"\n\
    password = \"b\"\nfrom = \"C\"\n";

fn path(app: &App, kind: &str, id: Uuid) -> String {
    report_path(kind, id, &report_token(&app.tools.keyring, id))
}

/// «delivered», «failed 30005».
async fn told(app: &App, id: Uuid) -> String {
    let message = app.tools.store.message(id).await.unwrap().unwrap();
    let report = message.reported.map(|reported| reported.report);
    report.map_or_else(String::new, |report| {
        [Some(report.state.word().to_owned()), report.code]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    })
}

async fn a_report_is_taken_from_who_knows_the_messages_token_alone(database: TestDatabase) {
    let (app, id) = with_sms(database, KANNEL).await;
    let browser = app.browser("paca");
    let good = path(&app, "kannel", id);
    let token = report_token(&app.tools.keyring, id);
    for forged in [
        report_path("kannel", id, &"0".repeat(token.len())),
        report_path("kannel", id, "0"),
        report_path("kannel", Uuid::from_u128(1), &token),
        report_path("twilio", id, &token),
        // The token of a message that is none.
        path(&app, "kannel", Uuid::from_u128(1)),
        good.replace(&id.to_string(), "none"),
    ] {
        let answer = browser.get(&format!("{forged}?status=1")).await;
        answer.refused(400, ErrorCode::InvalidRequest);
    }
    for meaningless in ["", "?status=", "?status=99", "?other=1"] {
        let answer = browser.get(&format!("{good}{meaningless}")).await;
        answer.refused(400, ErrorCode::InvalidRequest);
    }
    assert!(!told(&app, id).await.contains("delivered"));
    // From the address of the gateway's own, which is no portal's.
    let unknown = app
        .http
        .get(format!("http://{}{good}?status=8", app.address))
        .send();
    assert_eq!(unknown.await.unwrap().status(), 204);
    assert_eq!(browser.get(&format!("{good}?status=1")).await.status, 204);
    assert_eq!(told(&app, id).await, "delivered");
}

async fn what_was_delivered_stays_delivered(database: TestDatabase) {
    let (app, id) = with_sms(database, KANNEL).await;
    let browser = app.browser("paca");
    let good = path(&app, "kannel", id);
    for (status, expected) in [("16", "failed dlr-16"), ("1", "delivered"), ("2", "delivered")] {
        assert_eq!(browser.get(&format!("{good}?status={status}")).await.status, 204);
        assert_eq!(told(&app, id).await, expected);
    }
}

async fn twilios_report_needs_its_signature_too(database: TestDatabase) {
    let settings = "gateway = \"twilio\"\n[sms.twilio]\nendpoint = \"http://127.0.0.1:9\"\naccount_sid = \"AC01\"\n\
        auth_token = \"12345\"\nfrom = \"PORTIQUE\"\n";
    let (app, id) = with_sms(database, settings).await;
    let browser = app.browser("paca");
    let path = path(&app, "twilio", id);
    let form = "MessageSid=SM1&MessageStatus=failed&ErrorCode=30005&To=%2B33612345678";
    let post = |signature: &str| {
        browser
            .request(Method::POST, &path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-twilio-signature", signature)
            .body(form)
    };
    browser
        .send(post("AAAA"))
        .await
        .refused(400, ErrorCode::InvalidRequest);
    assert!(!told(&app, id).await.contains("failed"));
    // The portal's public address, whichever this server was reached by; then the fields in their order.
    let signed =
        format!("https://paca.example{path}ErrorCode30005MessageSidSM1MessageStatusfailedTo+33612345678");
    let signature = sign(&signed);
    assert_eq!(browser.send(post(&signature)).await.status, 204);
    assert_eq!(told(&app, id).await, "failed 30005");
}

/// HMAC-SHA1 under Twilio's token, in Base64.
fn sign(text: &str) -> String {
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"12345").unwrap();
    mac.update(text.as_bytes());
    base64::prelude::BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

async fn another_gateways_report_is_read_from_json_form_and_address(database: TestDatabase) {
    let settings = "gateway = \"http\"\n[sms.http]\nurl = \"http://127.0.0.1:9/?to={to}&text={text}&cb={report_url}\"\n\
        [sms.http.reports]\nstate = \"status\"\ndelivered = [\"DELIVRD\"]\nfailed = [\"UNDELIV\"]\ncode = \"err\"\n";
    let (app, id) = with_sms(database, settings).await;
    let browser = app.browser("paca");
    let path = path(&app, "http", id);
    let post = |media_type: &str, body: &str| {
        browser
            .request(Method::POST, &path)
            .header("content-type", media_type)
            .body(body.to_owned())
    };
    let json = post(
        "application/json; charset=utf-8",
        "{\"status\":\"UNDELIV\",\"err\":34}",
    );
    assert_eq!(browser.send(json).await.status, 204);
    assert_eq!(told(&app, id).await, "failed 34");
    for broken in ["{", "[]", "\"x\"", "{\"status\":{}}"] {
        let json = post("application/json", broken);
        browser.send(json).await.refused(400, ErrorCode::InvalidRequest);
    }
    let form = post("application/x-www-form-urlencoded", "status=DELIVRD");
    assert_eq!(browser.send(form).await.status, 204);
    assert_eq!(told(&app, id).await, "delivered");
    assert_eq!(browser.get(&format!("{path}?status=ENROUTE")).await.status, 204);
    let large = post("application/json", &" ".repeat(100_000));
    browser.send(large).await.refused(413, ErrorCode::PayloadTooLarge);
}

async fn a_page_of_another_site_reports_nothing(database: TestDatabase) {
    let (app, id) = with_sms(database, KANNEL).await;
    let browser = app.browser("paca");
    let path = format!("{}?status=1", path(&app, "kannel", id));
    let request = browser
        .request(Method::POST, &path)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    browser
        .send(request)
        .await
        .refused(403, ErrorCode::CrossSiteRefused);
    assert!(!told(&app, id).await.contains("delivered"));
}
