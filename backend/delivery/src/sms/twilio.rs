//! Twilio: a form with basic authentication, and reports that it signs.

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use portique_domain::mail::SendError;
use portique_domain::sms::{NoReport, OutgoingSms, Report, ReportCall, ReportState, SmsGateway};
use reqwest::Url;
use sha1::Sha1;
use subtle::ConstantTimeEq;

use super::client::Client;
use super::settings::SmsSettingsError;

/// Where Twilio's API is.
pub const API: &str = "https://api.twilio.com";

/// The most that Twilio takes as `ValidityPeriod`, in seconds.
const LONGEST_VALIDITY: i64 = 36_000;

#[derive(Clone)]
pub struct TwilioSettings {
    pub endpoint: String,
    /// `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    pub auth_token: String,
    pub sender: TwilioSender,
}

/// Who the SMS comes from.
#[derive(Clone)]
pub enum TwilioSender {
    /// A number or a name of the account's.
    From(String),
    MessagingService(String),
}

pub(super) struct Twilio {
    settings: TwilioSettings,
    messages: Url,
    client: Client,
}

impl Twilio {
    pub(super) fn new(settings: TwilioSettings, client: Client) -> Result<Self, SmsSettingsError> {
        let sid = &settings.account_sid;
        if !sid.starts_with("AC") || !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let expectation = "expected an account's SID: AC and 32 hexadecimal digits";
            return Err(SmsSettingsError::new("twilio.account_sid", expectation));
        }
        let endpoint = settings.endpoint.trim_end_matches('/');
        let messages = format!("{endpoint}/2010-04-01/Accounts/{sid}/Messages.json");
        let messages = client.address("twilio.endpoint", &messages)?;
        Ok(Self {
            settings,
            messages,
            client,
        })
    }
}

#[async_trait]
impl SmsGateway for Twilio {
    fn kind(&self) -> &'static str {
        "twilio"
    }

    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        let validity = sms.good_for.as_secs().clamp(1, LONGEST_VALIDITY).to_string();
        let sender = match &self.settings.sender {
            TwilioSender::From(from) => ("From", from.as_str()),
            TwilioSender::MessagingService(sid) => ("MessagingServiceSid", sid.as_str()),
        };
        let form = [
            ("To", sms.to.as_str()),
            sender,
            ("Body", sms.text.as_str()),
            ("StatusCallback", sms.report_url.as_str()),
            ("ValidityPeriod", validity.as_str()),
        ];
        let request = self
            .client
            .http()
            .post(self.messages.clone())
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
            .form(&form);
        let answer = self.client.call(request).await?;
        let told = answer.json();
        if !answer.is_success() {
            let code = told.as_ref().and_then(|told| told["code"].as_u64());
            return Err(answer.refusal(code.map(|code| code.to_string()).as_deref()));
        }
        let sid = told.as_ref().and_then(|told| told["sid"].as_str());
        Ok(sid.map(str::to_owned))
    }

    fn read_report(&self, call: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        let given = call.signature.ok_or(NoReport)?;
        let expected = signature(&self.settings.auth_token, call.url, call.form);
        if !bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
            return Err(NoReport);
        }
        let field = |name: &str| {
            call.form
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let state = match field("MessageStatus").ok_or(NoReport)? {
            "delivered" | "read" => ReportState::Delivered,
            "undelivered" | "failed" | "canceled" => ReportState::Failed,
            _ => return Ok(None),
        };
        Ok(Some(Report::new(state, field("ErrorCode"))))
    }
}

/// The address, then each field's name and value, sorted by name: HMAC with SHA-1 under the token, as Twilio chose.
fn signature(token: &str, url: &str, form: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = form.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_signed_as_in_twilios_own_example() {
        let form = [
            ("To", "+18005551212"),
            ("From", "+14158675309"),
            ("Digits", "1234"),
            ("Caller", "+14158675309"),
            ("CallSid", "CA1234567890ABCDE"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert_eq!(signature("12345", url, &form), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }
}
