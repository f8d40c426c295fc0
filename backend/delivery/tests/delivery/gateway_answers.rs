//! What becomes of a gateway's answer, or of none; and settings that are refused.

use std::time::Duration;

use portique_delivery::sms::{BodyKind, GatewaySettings, ReportFields, SmsSettings, gateway};
use portique_domain::mail::SendError;
use portique_domain::sms::{Report, ReportCall, ReportState};

use crate::gateways::{http, kannel, made, ovh, settings, sms, twilio};
use crate::web_server::WebServer;

#[tokio::test]
async fn a_gateways_words_say_whether_it_took_the_sms() {
    let judged = async |status: &'static str, body: &str| {
        let server = WebServer::always(status, body).await;
        let mut settings = http(
            format!("{}/?to={{to}}&text={{text}}", server.url),
            None,
            BodyKind::Json,
        );
        settings.accepted_body = Some("OK".into());
        settings.refused_body = Some("BLOCKED".into());
        settings.accepted_status = vec![200];
        made(GatewaySettings::Http(settings)).send(&sms()).await
    };
    assert_eq!(judged("200 OK", "OK 1").await, Ok(None));
    let permanent = |answer: Result<_, SendError>| matches!(answer, Err(SendError::Permanent(_)));
    let transient = |answer: Result<_, SendError>| matches!(answer, Err(SendError::Transient(_)));
    assert!(permanent(judged("200 OK", "BLOCKED +33612345678").await));
    assert!(permanent(judged("401 Unauthorized", "who?").await));
    assert!(
        permanent(judged("202 Accepted", "OK").await),
        "not in accepted_status"
    );
    assert!(transient(judged("200 OK", "later").await));
    assert!(transient(judged("503 Service Unavailable", "").await));
    assert!(transient(judged("429 Too Many Requests", "").await));
    let unknown = |answer: Result<_, SendError>| matches!(answer, Err(SendError::Unknown(_)));
    assert!(unknown(judged("504 Gateway Timeout", "").await));
    assert!(unknown(judged("502 Bad Gateway", "").await));
}

#[tokio::test]
async fn another_gateways_reports_are_read_by_the_fields_that_its_settings_name() {
    let mut settings = http("https://sms.example/?a={to}{text}".into(), None, BodyKind::Json);
    settings.reports = Some(ReportFields {
        state: "status".into(),
        delivered: vec!["DELIVRD".into()],
        failed: vec!["UNDELIV".into(), "EXPIRED".into()],
        code: Some("err".into()),
    });
    let gateway = made(GatewaySettings::Http(settings));
    let read = |pairs: &[(&str, &str)]| {
        let form: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        gateway.read_report(&ReportCall {
            url: "",
            query: &[],
            form: &form,
            signature: None,
        })
    };
    let told = |state, code| Ok(Some(Report::new(state, code)));
    assert_eq!(read(&[("status", "delivrd")]), told(ReportState::Delivered, None));
    assert_eq!(
        read(&[("status", "EXPIRED")]),
        told(ReportState::Failed, Some("EXPIRED"))
    );
    assert_eq!(
        read(&[("err", "034"), ("status", "UNDELIV")]),
        told(ReportState::Failed, Some("034"))
    );
    assert_eq!(read(&[("status", "ENROUTE")]), Ok(None));
    assert!(read(&[("other", "DELIVRD")]).is_err());
}

#[tokio::test]
async fn a_gateway_that_sends_elsewhere_is_not_followed() {
    let trap = WebServer::always("200 OK", "0: Accepted for delivery").await;
    let location: &'static str = Box::leak(format!("location: {}/\r\n", trap.url).into_boxed_str());
    let server = WebServer::answering([("302 Found", location, String::new())]).await;
    let refused = made(kannel(&server.url)).send(&sms()).await;
    assert!(
        matches!(&refused, Err(SendError::Permanent(reason)) if reason.contains("302")),
        "{refused:?}"
    );
    assert!(trap.asked().is_empty(), "the number and the password stayed here");
}

#[tokio::test]
async fn an_answer_without_end_is_read_no_further_than_anybody_needs() {
    let server = WebServer::always(
        "202 Accepted",
        &format!("0: Accepted: a: {}", "x".repeat(10_000_000)),
    )
    .await;
    assert_eq!(made(kannel(&server.url)).send(&sms()).await, Ok(Some("a".into())));
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_tried_again_later_and_one_that_is_slow_is_not() {
    let silent = WebServer::answering([]).await;
    let slow = SmsSettings {
        timeout: Duration::from_secs(1),
        ..settings(kannel(&silent.url))
    };
    let slow = gateway(slow).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        slow.send(&sms()).await,
        Err(SendError::Unknown(
            "the SMS gateway took longer than 1 s: perhaps sent, and not tried again".into()
        ))
    );
    assert_eq!(silent.asked().len(), 1);
    // The time is asked for before anything is handed over.
    let late = WebServer::answering([]).await;
    let late = SmsSettings {
        timeout: Duration::from_secs(1),
        ..settings(ovh(&late.url, None))
    };
    let late = gateway(late).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        late.send(&sms()).await,
        Err(SendError::Transient(
            "the SMS gateway does not tell its time".into()
        ))
    );
    // A port that was free a moment ago.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port is free");
    let url = format!("http://{}", gone.local_addr().expect("it is bound"));
    drop(gone);
    assert_eq!(
        made(kannel(&url)).send(&sms()).await,
        Err(SendError::Transient("no connection to the SMS gateway".into()))
    );
}

#[test]
fn settings_that_no_sms_could_safely_leave_with_are_refused_by_name() {
    let key = |settings| {
        let refused = gateway(settings).err();
        refused.map(|error| error.key).unwrap_or_default()
    };
    let of = |gateway| key(settings(gateway));
    assert_eq!(of(kannel("http://kannel.internal:13013")), "kannel.url");
    assert_eq!(of(kannel("https://kannel.internal")), "");
    assert_eq!(of(kannel("ftp://kannel.internal")), "kannel.url");
    let in_clear = SmsSettings {
        allow_plain_text: true,
        ..settings(kannel("http://kannel.internal:13013"))
    };
    assert_eq!(key(in_clear), "");
    let hurried = SmsSettings {
        timeout: Duration::ZERO,
        ..settings(kannel("https://kannel.internal"))
    };
    assert_eq!(key(hurried), "timeout_seconds");
    assert_eq!(of(ovh("http://eu.api.ovh.com/1.0", None)), "ovh.endpoint");
    assert_eq!(of(twilio("http://api.twilio.com")), "twilio.endpoint");
    let body = |url: &str, body: &str| {
        of(GatewaySettings::Http(http(
            url.into(),
            Some(body),
            BodyKind::Json,
        )))
    };
    let good = "{\"a\":\"{to}\",\"b\":\"{text}\"}";
    assert_eq!(body("https://sms.example/", good), "");
    assert_eq!(body("http://sms.example/", good), "http.url");
    assert_eq!(body("https://sms.example/{who}", good), "http.url");
    assert_eq!(
        body("https://sms.example/", "{\"a\":{to},\"b\":\"{text}"),
        "http.body"
    );
    assert_eq!(body("https://sms.example/", "{\"a\":\"{to}\"}"), "http.body");
}
