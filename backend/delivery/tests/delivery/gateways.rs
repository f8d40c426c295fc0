//! What each SMS gateway is asked, to the letter, and what is made of its answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use portique_delivery::sms::{
    BodyKind, GatewaySettings, HttpSettings, KannelSettings, OvhSettings, SmsSettings, TwilioSender,
    TwilioSettings, gateway,
};
use portique_domain::mail::SendError;
use portique_domain::portal::PortalName;
use portique_domain::sms::{OutgoingSms, Report, ReportCall, ReportState, SmsGateway};
use portique_shared::types::PhoneNumber;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::web_server::WebServer;
use crate::world::START;

pub(crate) const TEXT: &str = "Santé: 012345 \"&\n\n@paca.example.org #012345";

pub(crate) fn sms() -> OutgoingSms {
    OutgoingSms {
        portal: PortalName::parse("paca").expect("a good name"),
        id: Uuid::from_u128(7),
        to: PhoneNumber::parse("+33612345678").expect("a number"),
        text: TEXT.into(),
        report_url: "https://paca.example.org/api/sms/reports/x/7/token".into(),
        good_for: SignedDuration::from_secs(290),
        at: START.parse().expect("a moment, well written"),
    }
}

pub(crate) fn settings(gateway: GatewaySettings) -> SmsSettings {
    SmsSettings {
        gateway,
        timeout: Duration::from_secs(20),
        proxy: None,
        ca_file: None,
        allow_plain_text: false,
    }
}

pub(crate) fn made(settings: GatewaySettings) -> Arc<dyn SmsGateway> {
    gateway(self::settings(settings)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn ovh(endpoint: &str, sender: Option<&str>) -> GatewaySettings {
    GatewaySettings::Ovh(OvhSettings {
        endpoint: endpoint.into(),
        service_name: "sms-ab12345-1".into(),
        application_key: "7kbG7Bk7S9Nt7ZSV".into(),
        application_secret: "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF".into(),
        consumer_key: "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1".into(),
        sender: sender.map(str::to_owned),
    })
}

pub(crate) fn twilio(endpoint: &str) -> GatewaySettings {
    GatewaySettings::Twilio(TwilioSettings {
        endpoint: endpoint.into(),
        account_sid: "AC00000000000000000000000000000001".into(),
        auth_token: "12345".into(),
        sender: TwilioSender::From("+33700000000".into()),
    })
}

pub(crate) fn kannel(url: &str) -> GatewaySettings {
    GatewaySettings::Kannel(KannelSettings {
        url: format!("{url}/cgi-bin/sendsms"),
        username: "portique".into(),
        password: "s&cret".into(),
        from: "PORTIQUE".into(),
    })
}

pub(crate) fn http(url: String, body: Option<&str>, body_kind: BodyKind) -> HttpSettings {
    HttpSettings {
        method: "POST".into(),
        url,
        headers: BTreeMap::from([("Authorization".into(), "Bearer {key}".into())]),
        body: body.map(str::to_owned),
        body_kind,
        secrets: BTreeMap::from([("key".into(), "top secret".into())]),
        accepted_status: Vec::new(),
        accepted_body: None,
        refused_body: None,
        id_pointer: Some("/messages/0/id".into()),
        reports: None,
    }
}

fn form(text: &str) -> BTreeMap<String, String> {
    let text = text.split_once('?').map_or(text, |(_, query)| query);
    let url = reqwest::Url::parse(&format!("http://a/?{text}")).expect("a query");
    url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn ovhcloud_gets_a_job_signed_at_its_own_time() {
    // Two hours ahead of ours.
    let theirs = START.parse::<jiff::Timestamp>().expect("a moment").as_second() + 7_200;
    let answer = json!({
        "totalCreditsRemoved": 1, "invalidReceivers": [], "ids": [27_814_656], "validReceivers": ["+33612345678"],
    });
    let server = WebServer::answering([
        ("200 OK", "", theirs.to_string()),
        ("200 OK", "", answer.to_string()),
        (
            "200 OK",
            "",
            json!({ "deliveryReceipt": 1, "ptt": 1_000 }).to_string(),
        ),
    ])
    .await;
    let gateway = made(ovh(&format!("{}/1.0", server.url), Some("PORTIQUE")));
    assert_eq!(gateway.send(&sms()).await, Ok(Some("27814656".into())));
    assert!(gateway.is_to_be_asked());
    let report = gateway.ask("27814656", sms().at).await;
    assert_eq!(report, Ok(Some(Report::new(ReportState::Delivered, None))));

    let [time, job, receipt] = &server.asked()[..] else {
        panic!("three requests: {:?}", server.asked())
    };
    assert_eq!(time.line, "GET /1.0/auth/time");
    assert_eq!(job.line, "POST /1.0/sms/sms-ab12345-1/jobs");
    let body: Value = serde_json::from_str(&job.body).expect("JSON");
    assert_eq!(
        body,
        json!({
            "charset": "UTF-8", "class": "phoneDisplay", "coding": "7bit", "message": TEXT, "noStopClause": true,
            "priority": "high", "receivers": ["+33612345678"], "sender": "PORTIQUE", "validityPeriod": 5,
        })
    );
    assert_eq!(receipt.line, "GET /1.0/sms/sms-ab12345-1/outgoing/27814656");
    for (request, method, path, body) in [
        (job, "POST", "/sms/sms-ab12345-1/jobs", job.body.as_str()),
        (receipt, "GET", "/sms/sms-ab12345-1/outgoing/27814656", ""),
    ] {
        assert_eq!(request.header("x-ovh-application"), "7kbG7Bk7S9Nt7ZSV");
        assert_eq!(
            request.header("x-ovh-consumer"),
            "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1"
        );
        assert_eq!(request.header("x-ovh-timestamp"), theirs.to_string());
        let signed = format!(
            "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF+MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1+{method}+{}/1.0{path}+{body}+{theirs}",
            server.url
        );
        let digest = <sha1::Sha1 as sha1::Digest>::digest(signed.as_bytes());
        assert_eq!(
            request.header("x-ovh-signature"),
            format!("$1${}", hex::encode(digest))
        );
    }
}

#[tokio::test]
async fn ovhcloud_that_takes_no_such_number_or_no_such_key_has_refused_for_good() {
    let refused = json!({ "ids": [], "invalidReceivers": ["+33612345678"], "validReceivers": [] });
    let forbidden = json!({ "errorCode": "INVALID_KEY", "message": "for +33612345678" });
    let server = WebServer::answering([
        ("200 OK", "", "1366560945".to_owned()),
        ("200 OK", "", refused.to_string()),
        ("403 Forbidden", "", forbidden.to_string()),
    ])
    .await;
    let gateway = made(ovh(&server.url, None));
    let permanent = |reason: &str| Err(SendError::Permanent(reason.to_owned()));
    assert_eq!(
        gateway.send(&sms()).await,
        permanent("the SMS gateway refuses the number")
    );
    assert_eq!(
        gateway.send(&sms()).await,
        permanent("the SMS gateway refuses the SMS: answer 403, code INVALID_KEY")
    );
    let body: Value = serde_json::from_str(&server.asked()[1].body).expect("JSON");
    assert_eq!(
        (body["senderForResponse"].as_bool(), &body["sender"]),
        (Some(true), &Value::Null)
    );
}

#[tokio::test]
async fn twilio_gets_a_form_with_the_accounts_name_and_token() {
    let server = WebServer::always("201 Created", "{\"sid\":\"SM9\",\"status\":\"queued\"}").await;
    let gateway = made(twilio(&server.url));
    assert_eq!(gateway.send(&sms()).await, Ok(Some("SM9".into())));
    let asked = server.asked().remove(0);
    assert_eq!(
        asked.line,
        "POST /2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"
    );
    // AC…1:12345
    assert_eq!(
        asked.header("authorization"),
        "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMToxMjM0NQ=="
    );
    assert_eq!(asked.header("content-type"), "application/x-www-form-urlencoded");
    let expected = [
        ("To", "+33612345678"),
        ("From", "+33700000000"),
        ("Body", TEXT),
        (
            "StatusCallback",
            "https://paca.example.org/api/sms/reports/x/7/token",
        ),
        ("ValidityPeriod", "290"),
    ];
    let expected: BTreeMap<String, String> = expected
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(form(&asked.body), expected);
}

#[tokio::test]
async fn a_refusal_tells_neither_number_nor_secret() {
    let told =
        json!({ "code": 21_211, "message": "The 'To' number +33612345678 is not valid", "status": 400 });
    let server = WebServer::always("400 Bad Request", &told.to_string()).await;
    let refused = made(twilio(&server.url)).send(&sms()).await;
    assert_eq!(
        refused,
        Err(SendError::Permanent(
            "the SMS gateway refuses the SMS: answer 400, code 21211".into()
        ))
    );
}

#[tokio::test]
async fn twilios_reports_are_read_only_where_it_signed_them() {
    let gateway = made(twilio("https://api.twilio.com"));
    let url = sms().report_url;
    let form = [
        ("MessageSid", "SM9"),
        ("MessageStatus", "undelivered"),
        ("ErrorCode", "30005"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let read = |url: &str, signature| {
        gateway.read_report(&ReportCall {
            url,
            query: &[],
            form: &form,
            signature,
        })
    };
    // HMAC-SHA1 under the token 12345 of address and sorted fields, reckoned elsewhere.
    let signature = Some("oSbz5Y1pdgeyU1ofqd8qvF+GLgY=");
    let failed = Report::new(ReportState::Failed, Some("30005"));
    assert_eq!(read(&url, signature), Ok(Some(failed)));
    assert!(read(&url, None).is_err());
    assert!(read(&url, Some("x")).is_err());
    assert!(read(&format!("{url}?a=1"), signature).is_err());
}

#[tokio::test]
async fn kannel_gets_all_of_it_in_the_address() {
    let server = WebServer::always("202 Accepted", "0: Accepted for delivery").await;
    let gateway = made(kannel(&server.url));
    assert_eq!(gateway.send(&sms()).await, Ok(None));
    let mut unspeakable = sms();
    unspeakable.text = "☎".into();
    assert_eq!(gateway.send(&unspeakable).await, Ok(None));
    let asked = server.asked();
    assert!(
        asked[0].line.starts_with("GET /cgi-bin/sendsms?"),
        "{}",
        asked[0].line
    );
    let expected = [
        ("username", "portique"),
        ("password", "s&cret"),
        ("from", "PORTIQUE"),
        ("to", "+33612345678"),
        ("text", TEXT),
        ("charset", "UTF-8"),
        ("coding", "0"),
        ("validity", "5"),
        ("dlr-mask", "19"),
        (
            "dlr-url",
            "https://paca.example.org/api/sms/reports/x/7/token?status=%d",
        ),
    ];
    let expected: BTreeMap<String, String> = expected
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    assert_eq!(form(&asked[0].line), expected);
    assert_eq!(form(&asked[1].line)["coding"], "2");
}

#[tokio::test]
async fn any_other_gateway_gets_what_its_template_says_each_value_written_as_it_must_be() {
    let accepted = json!({ "messages": [{ "id": 42 }] }).to_string();
    for (kind, template, expected) in [
        (
            BodyKind::Json,
            "{\"to\":\"{to}\",\"text\":\"{text}\",\"callback\":\"{report_url}\"}",
            json!({ "to": "+33612345678", "text": TEXT, "callback": sms().report_url }).to_string(),
        ),
        (
            BodyKind::Form,
            "number={to_digits}&text={text}",
            "number=33612345678&text=Sant%C3%A9%3A%20012345%20%22%26%0A%0A%40paca.example.org%20%23012345"
                .to_owned(),
        ),
        (BodyKind::Text, "{to} {text}", format!("+33612345678 {TEXT}")),
    ] {
        let server = WebServer::always("200 OK", &accepted).await;
        let url = format!("{}/send?id={{id}}", server.url);
        let gateway = made(GatewaySettings::Http(http(url, Some(template), kind)));
        assert_eq!(gateway.send(&sms()).await, Ok(Some("42".into())));
        let asked = server.asked().remove(0);
        assert_eq!(asked.line, "POST /send?id=00000000-0000-0000-0000-000000000007");
        assert_eq!(asked.header("authorization"), "Bearer top secret");
        if kind == BodyKind::Json {
            let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            assert_eq!(read(&asked.body), read(&expected));
            assert_eq!(asked.header("content-type"), "application/json");
        } else {
            assert_eq!(asked.body, expected);
        }
    }
}
