//! OVHcloud: signed requests, and reports that are asked for. The API can't be told a report's address for one SMS.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_domain::mail::SendError;
use portique_domain::sms::{NoReport, OutgoingSms, Report, ReportCall, ReportState, SmsGateway};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use tokio::sync::OnceCell;

use super::client::{Answer, Client};
use super::gsm::segments;
use super::settings::SmsSettingsError;

/// The European API, where French accounts are.
pub const EUROPE: &str = "https://eu.api.ovh.com/1.0";

/// An application that OVHcloud's console gave keys to, with the rights `POST /sms/*/jobs` and `GET /sms/*/outgoing/*`.
#[derive(Clone)]
pub struct OvhSettings {
    pub endpoint: String,
    /// `sms-ab12345-1`.
    pub service_name: String,
    pub application_key: String,
    pub application_secret: String,
    pub consumer_key: String,
    /// A sender that OVHcloud has validated; `None`: one of its short numbers.
    pub sender: Option<String>,
}

pub(super) struct Ovh {
    settings: OvhSettings,
    endpoint: Url,
    client: Client,
    /// By how much OVHcloud's clock is ahead of ours: a request signed at another time than its own is refused.
    ahead: OnceCell<SignedDuration>,
}

impl Ovh {
    pub(super) fn new(settings: OvhSettings, client: Client) -> Result<Self, SmsSettingsError> {
        let mut endpoint = client.address("ovh.endpoint", settings.endpoint.trim_end_matches('/'))?;
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let named = settings
            .service_name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if settings.service_name.is_empty() || !named {
            let expectation = "expected a service's name such as sms-ab12345-1";
            return Err(SmsSettingsError::new("ovh.service_name", expectation));
        }
        for (key, text) in [
            ("ovh.application_key", &settings.application_key),
            ("ovh.consumer_key", &settings.consumer_key),
        ] {
            if !plain(text) {
                return Err(SmsSettingsError::new(
                    key,
                    "expected a key as OVHcloud's console gave it",
                ));
            }
        }
        endpoint.set_query(None);
        Ok(Self {
            settings,
            endpoint,
            client,
            ahead: OnceCell::new(),
        })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.as_str().trim_end_matches('/'))
    }

    async fn ahead(&self, now: Timestamp) -> Result<SignedDuration, SendError> {
        let asked = self.ahead.get_or_try_init(|| async {
            let answer = self
                .client
                .call(self.client.http().get(self.url("/auth/time")))
                .await
                .map_err(before_handing_over)?;
            let told = answer.body.trim().parse().ok();
            let theirs = told.and_then(|seconds| Timestamp::from_second(seconds).ok());
            theirs
                .filter(|_| answer.is_success())
                .map(|theirs| theirs.duration_since(now))
                .ok_or_else(|| SendError::Transient("the SMS gateway does not tell its time".to_owned()))
        });
        asked.await.copied()
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: String,
        now: Timestamp,
    ) -> Result<Answer, SendError> {
        let url = self.url(path);
        let at = (now + self.ahead(now).await?).as_second();
        let signature = signature(&self.settings, method.as_str(), &url, &body, at);
        let mut request = self
            .client
            .http()
            .request(method, url)
            .header("X-Ovh-Application", &self.settings.application_key)
            .header("X-Ovh-Consumer", &self.settings.consumer_key)
            .header("X-Ovh-Timestamp", at)
            .header("X-Ovh-Signature", signature);
        if !body.is_empty() {
            request = request
                .header("Content-Type", "application/json; charset=utf-8")
                .body(body);
        }
        self.client.call(request).await
    }
}

/// What failed before the SMS itself was handed over: it can be tried again.
fn before_handing_over(error: SendError) -> SendError {
    match error {
        SendError::Unknown(_) => SendError::Transient("the SMS gateway does not tell its time".to_owned()),
        other => other,
    }
}

/// `$1$` and the SHA-1 of secret, consumer, method, address, body and time: OVHcloud's choice, not ours.
fn signature(settings: &OvhSettings, method: &str, url: &str, body: &str, at: i64) -> String {
    let signed = format!(
        "{}+{}+{method}+{url}+{body}+{at}",
        settings.application_secret, settings.consumer_key
    );
    format!("$1${}", hex::encode(Sha1::digest(signed.as_bytes())))
}

#[async_trait]
impl SmsGateway for Ovh {
    fn kind(&self) -> &'static str {
        "ovh"
    }

    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        let minutes = (sms.good_for.as_secs() + 59) / 60;
        let mut body = json!({
            "charset": "UTF-8",
            "class": "phoneDisplay",
            "coding": if segments(&sms.text).is_gsm() { "7bit" } else { "8bit" },
            "message": sms.text,
            // Without it, «STOP» is written behind the text, and nothing leaves at night.
            "noStopClause": true,
            "priority": "high",
            "receivers": [sms.to.as_str()],
            "validityPeriod": minutes.max(1),
        });
        match &self.settings.sender {
            Some(sender) => body["sender"] = json!(sender),
            None => body["senderForResponse"] = json!(true),
        }
        let path = format!("/sms/{}/jobs", self.settings.service_name);
        let answer = self.call(Method::POST, &path, body.to_string(), sms.at).await?;
        let told = answer.json();
        if !answer.is_success() {
            let code = told.as_ref().and_then(|told| told["errorCode"].as_str());
            return Err(answer.refusal(code));
        }
        let is_refused = told
            .as_ref()
            .and_then(|told| told["invalidReceivers"].as_array())
            .is_some_and(|receivers| !receivers.is_empty());
        if is_refused {
            return Err(SendError::Permanent(
                "the SMS gateway refuses the number".to_owned(),
            ));
        }
        let id = told.as_ref().and_then(|told| told["ids"][0].as_u64());
        Ok(id.map(|id| id.to_string()))
    }

    fn read_report(&self, _: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        Err(NoReport)
    }

    fn is_to_be_asked(&self) -> bool {
        true
    }

    async fn ask(&self, gateway_id: &str, now: Timestamp) -> Result<Option<Report>, SendError> {
        let path = format!("/sms/{}/outgoing/{gateway_id}", self.settings.service_name);
        let answer = self.call(Method::GET, &path, String::new(), now).await?;
        if !answer.is_success() {
            return Err(answer.refusal(None));
        }
        Ok(answer.json().and_then(|told| report(&told)))
    }
}

/// `deliveryReceipt`: 1 delivered, 2 failed, 16 refused by the phone's operator; 0, 4 and 8 on the way. `ptt`: why.
fn report(told: &Value) -> Option<Report> {
    let state = match told["deliveryReceipt"].as_u64()? {
        1 => ReportState::Delivered,
        2 | 16 => ReportState::Failed,
        _ => return None,
    };
    let why = told["ptt"].as_u64().map(|ptt| format!("ptt-{ptt}"));
    let why = why.filter(|_| state == ReportState::Failed);
    Some(Report::new(state, why.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_as_ovhclouds_own_guide_does_it() {
        let settings = OvhSettings {
            endpoint: EUROPE.into(),
            service_name: "sms-ab12345-1".into(),
            application_key: String::new(),
            application_secret: "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF".into(),
            consumer_key: "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1".into(),
            sender: None,
        };
        let url = "https://eu.api.ovh.com/1.0/domains/";
        assert_eq!(
            signature(&settings, "GET", url, "", 1_366_560_945),
            "$1$d3705e8afb27a0d2970a322b96550abfc67bb798"
        );
    }

    #[test]
    fn a_receipt_is_read_as_far_as_it_says_anything() {
        let read = |receipt: u64, ptt: u64| report(&json!({ "deliveryReceipt": receipt, "ptt": ptt }));
        let failed = |code| Some(Report::new(ReportState::Failed, Some(code)));
        assert_eq!(read(1, 1000), Some(Report::new(ReportState::Delivered, None)));
        assert_eq!(read(2, 1003), failed("ptt-1003"));
        assert_eq!(read(16, 1010), failed("ptt-1010"));
        assert_eq!(read(0, 0), None);
        assert_eq!(read(8, 0), None);
        assert_eq!(report(&json!({})), None);
    }
}
