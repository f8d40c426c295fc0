//! Any other gateway that takes an SMS by one HTTP request, as the settings write it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use portique_domain::mail::SendError;
use portique_domain::sms::{NoReport, OutgoingSms, Report, ReportCall, ReportState, SmsGateway};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::client::{Answer, Client};
use super::settings::SmsSettingsError;
use super::template::{Encoding, Template};

/// What a template may name beside the settings' own secrets.
const PLACES: [&str; 5] = ["to", "to_digits", "text", "id", "report_url"];

/// One HTTP request, with places for what each SMS brings: `{to}` (E.164), `{to_digits}` (without its `+`), `{text}`, `{id}`,
/// `{report_url}`, and each of [`HttpSettings::secrets`] by its name.
#[derive(Clone)]
pub struct HttpSettings {
    pub method: String,
    pub url: String,
    pub headers: BTreeMap<String, String>,
    pub body: Option<String>,
    pub body_kind: BodyKind,
    /// By name.
    pub secrets: BTreeMap<String, String>,
    /// Statuses of a gateway that took the SMS; empty: 200 to 299.
    pub accepted_status: Vec<u16>,
    /// What the answer must hold beside.
    pub accepted_body: Option<String>,
    /// What an answer holds, whatever its status, that says that the SMS will never be taken.
    pub refused_body: Option<String>,
    /// Where in a JSON answer the gateway's own name for the SMS stands: `/messages/0/id` (RFC 6901).
    pub id_pointer: Option<String>,
    /// How its reports are read; `None`: it sends none.
    pub reports: Option<ReportFields>,
}

/// How the places of the body are written, and its media type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyKind {
    #[default]
    Json,
    Form,
    Text,
}

/// Fields of a report, in its address, its form or its JSON.
#[derive(Clone, Debug)]
pub struct ReportFields {
    /// The one that tells the state.
    pub state: String,
    pub delivered: Vec<String>,
    pub failed: Vec<String>,
    /// The one that tells why.
    pub code: Option<String>,
}

pub(super) struct HttpGateway {
    settings: HttpSettings,
    method: Method,
    url: Template,
    headers: Vec<(HeaderName, Template)>,
    body: Option<Template>,
    client: Client,
}

impl HttpGateway {
    pub(super) fn new(settings: HttpSettings, client: Client) -> Result<Self, SmsSettingsError> {
        let wrong =
            |key: &str, expectation: String| Err(SmsSettingsError::new(format!("http.{key}"), expectation));
        let method = match settings.method.as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => return wrong("method", "expected GET, POST or PUT".to_owned()),
        };
        let url = Template::parse(&settings.url);
        let mut headers = Vec::new();
        for (name, value) in &settings.headers {
            let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
                return wrong(&format!("headers.{name}"), "expected a header's name".to_owned());
            };
            headers.push((header, Template::parse(value)));
        }
        let body = settings.body.as_deref().map(Template::parse);
        let named = std::iter::once(("url".to_owned(), &url))
            .chain(
                settings
                    .headers
                    .keys()
                    .map(|name| format!("headers.{name}"))
                    .zip(headers.iter().map(|(_, value)| value)),
            )
            .chain(body.iter().map(|body| ("body".to_owned(), body)));
        for (key, template) in named {
            let known = |place: &str| PLACES.contains(&place) || settings.secrets.contains_key(place);
            if let Some(place) = template.places().find(|place| !known(place)) {
                let expectation = format!(
                    "found {{{place}}}, expected one of {}, or a name of sms.http.secrets",
                    PLACES.join(", ")
                );
                return wrong(&key, expectation);
            }
        }
        let holds = |place: &str| {
            let templates = std::iter::once(&url).chain(body.as_ref());
            templates.flat_map(Template::places).any(|named| named == place)
        };
        if !holds("text") || !(holds("to") || holds("to_digits")) {
            return wrong(
                "body",
                "expected {to} (or {to_digits}) and {text} in it, or in url".to_owned(),
            );
        }
        let sample: BTreeMap<&str, &str> = PLACES.map(|place| (place, "0")).into();
        client.address("http.url", &url.fill(&sample, Encoding::Percent))?;
        if let Some(body) = body.as_ref().filter(|_| settings.body_kind == BodyKind::Json) {
            // Words, which are no JSON where a place stands outside quotes.
            let words: BTreeMap<&str, &str> = PLACES.map(|place| (place, "a word")).into();
            let filled = body.fill(&words, Encoding::Json);
            if serde_json::from_str::<serde_json::Value>(&filled).is_err() {
                return wrong("body", "expected JSON, with each place inside quotes".to_owned());
            }
        }
        Ok(Self {
            settings,
            method,
            url,
            headers,
            body,
            client,
        })
    }

    fn judge(&self, answer: &Answer) -> Result<Option<String>, SendError> {
        let settings = &self.settings;
        let holds = |text: &Option<String>| text.as_deref().map(|text| answer.body.contains(text));
        if holds(&settings.refused_body) == Some(true) {
            return Err(SendError::Permanent(format!(
                "the SMS gateway refuses the SMS: answer {}, with the words of sms.http.refused_body",
                answer.status
            )));
        }
        let by_status = if settings.accepted_status.is_empty() {
            answer.is_success()
        } else {
            settings.accepted_status.contains(&answer.status)
        };
        if !by_status {
            return Err(answer.refusal(None));
        }
        if holds(&settings.accepted_body) == Some(false) {
            return Err(SendError::Transient(format!(
                "the SMS gateway did not take the SMS: answer {}, without the words of sms.http.accepted_body",
                answer.status
            )));
        }
        let id = settings.id_pointer.as_deref().and_then(|pointer| {
            let told = answer.json()?;
            match told.pointer(pointer)? {
                serde_json::Value::String(id) => Some(id.clone()),
                serde_json::Value::Number(id) => Some(id.to_string()),
                _ => None,
            }
        });
        Ok(id.filter(|id| id.len() <= 64))
    }
}

#[async_trait]
impl SmsGateway for HttpGateway {
    fn kind(&self) -> &'static str {
        "http"
    }

    async fn send(&self, sms: &OutgoingSms) -> Result<Option<String>, SendError> {
        let id = sms.id.to_string();
        let number = sms.to.as_str();
        let mut values = BTreeMap::from([
            ("to", number),
            ("to_digits", number.trim_start_matches('+')),
            ("text", sms.text.as_str()),
            ("id", id.as_str()),
            ("report_url", sms.report_url.as_str()),
        ]);
        for (name, secret) in &self.settings.secrets {
            values.insert(name, secret);
        }
        let url = self.url.fill(&values, Encoding::Percent);
        let mut request = self.client.http().request(self.method.clone(), url);
        if let Some(body) = &self.body {
            let (encoding, media_type) = match self.settings.body_kind {
                BodyKind::Json => (Encoding::Json, "application/json"),
                BodyKind::Form => (Encoding::Percent, "application/x-www-form-urlencoded"),
                BodyKind::Text => (Encoding::Text, "text/plain; charset=utf-8"),
            };
            request = request.body(body.fill(&values, encoding));
            if !self.headers.iter().any(|(name, _)| name == CONTENT_TYPE) {
                request = request.header(CONTENT_TYPE, media_type);
            }
        }
        for (name, value) in &self.headers {
            let value = HeaderValue::from_str(&value.fill(&values, Encoding::Line))
                .map_err(|_| SendError::Permanent(format!("the header {name} can't be written")))?;
            request = request.header(name, value);
        }
        self.judge(&self.client.call(request).await?)
    }

    fn read_report(&self, call: &ReportCall<'_>) -> Result<Option<Report>, NoReport> {
        let fields = self.settings.reports.as_ref().ok_or(NoReport)?;
        let field = |name: &str| {
            let all = call.query.iter().chain(call.form);
            let mut named = all.filter(|(key, _)| key == name);
            named.next().map(|(_, value)| value.as_str())
        };
        let told = field(&fields.state).ok_or(NoReport)?;
        let is_one = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(told));
        let state = if is_one(&fields.delivered) {
            ReportState::Delivered
        } else if is_one(&fields.failed) {
            ReportState::Failed
        } else {
            return Ok(None);
        };
        let code = fields.code.as_deref().and_then(field);
        let code = code.or((state == ReportState::Failed).then_some(told));
        Ok(Some(Report::new(state, code)))
    }
}
