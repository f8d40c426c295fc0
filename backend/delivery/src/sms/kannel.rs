//! Kannel's `sendsms`: a request whose whole content stands in the address, and reports by `dlr-url`.

use async_trait::async_trait;
use portique_domain::mail::SendError;
use portique_domain::sms::{NoReport, OutgoingSms, Report, ReportCall, ReportState, SmsGateway};
use reqwest::Url;

use super::client::Client;
use super::gsm::segments;
use super::settings::SmsSettingsError;

/// Told when an SMS was delivered (1), failed (2), or was refused by the SMS centre (16).
const REPORTS_WANTED: &str = "19";

#[derive(Clone)]
pub struct KannelSettings {
    /// `http://127.0.0.1:13013/cgi-bin/sendsms`.
    pub url: String,
    pub username: String,
    pub password: String,
    /// A number or a name.
    pub from: String,
}

pub(super) struct Kannel {
    settings: KannelSettings,
    url: Url,
    client: Client,
}

impl Kannel {
    pub(super) fn new(settings: KannelSettings, client: Client) -> Result<Self, SmsSettingsError> {
        let url = client.address("kannel.url", &settings.url)?;
        if url.query().is_some() {
            let expectation = "expected an address without a ?, which Portique writes itself";
            return Err(SmsSettingsError::new("kannel.url", expectation));
        }
        Ok(Self {
            settings,
            url,
            client,
        })
    }
}

#[async_trait]
impl SmsGateway for Kannel {
    fn kind(&self) -> &'static str {
        "kannel"
    }

    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        // Kannel puts the report's kind in the place of %d.
        let report = format!("{}?status=%d", sms.report_url);
        let minutes = ((sms.good_for.as_secs() + 59) / 60).max(1).to_string();
        let request = self.client.http().get(self.url.clone()).query(&[
            ("username", self.settings.username.as_str()),
            ("password", self.settings.password.as_str()),
            ("from", self.settings.from.as_str()),
            ("to", sms.to.as_str()),
            ("text", sms.text.as_str()),
            ("charset", "UTF-8"),
            ("coding", if segments(&sms.text).is_gsm() { "0" } else { "2" }),
            ("validity", minutes.as_str()),
            ("dlr-mask", REPORTS_WANTED),
            ("dlr-url", report.as_str()),
        ]);
        let answer = self.client.call(request).await?;
        // «0: Accepted for delivery», «3: Queued for later delivery»: what follows, if anything, is its own name for it.
        if answer.is_success() {
            let id = answer.body.split(": ").nth(2).map(|id| id.trim().to_owned());
            return Ok(id.filter(|id| !id.is_empty() && id.len() <= 64));
        }
        Err(answer.refusal(None))
    }

    fn read_report(&self, call: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        let (_, status) = call
            .query
            .iter()
            .find(|(name, _)| name == "status")
            .ok_or(NoReport)?;
        let state = match status.as_str() {
            "1" => ReportState::Delivered,
            "2" | "16" => ReportState::Failed,
            "4" | "8" => return Ok(None),
            _ => return Err(NoReport),
        };
        let why = (state == ReportState::Failed).then(|| format!("dlr-{status}"));
        Ok(Some(Report::new(state, why.as_deref())))
    }
}
