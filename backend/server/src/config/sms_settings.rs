//! `[sms]` as written: which gateway, and how each is reached.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::secret::Secret;

/// The gateway that is used, and the tables of those that are known: several may stand there, one is used.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    pub gateway: GatewayKind,
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// `https://host`, where the gateway tells what became of SMS; the portal's own address where nothing is said.
    #[serde(default)]
    pub reports_to: Option<String>,
    #[serde(default)]
    pub proxy: Option<String>,
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Lets addresses start with `http://` beyond this machine.
    #[serde(default)]
    pub allow_plain_text: bool,
    #[serde(default)]
    pub ovh: Option<OvhTable>,
    #[serde(default)]
    pub twilio: Option<TwilioTable>,
    #[serde(default)]
    pub http: Option<HttpTable>,
    #[serde(default)]
    pub kannel: Option<KannelTable>,
}

const fn default_timeout() -> u64 {
    10
}

impl SmsSettings {
    /// Whether SMS stay in the demo's mailbox.
    pub const fn is_demo(&self) -> bool {
        matches!(self.gateway, GatewayKind::Demo)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GatewayKind {
    Ovh,
    Twilio,
    Http,
    Kannel,
    /// Only with `serve --demo`.
    Demo,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OvhTable {
    /// The European API where nothing is said.
    #[serde(default)]
    pub endpoint: Option<String>,
    pub service_name: String,
    pub application_key: Secret,
    pub application_secret: Secret,
    pub consumer_key: Secret,
    #[serde(default)]
    pub sender: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioTable {
    #[serde(default)]
    pub endpoint: Option<String>,
    pub account_sid: String,
    pub auth_token: Secret,
    /// This or `messaging_service_sid`.
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub messaging_service_sid: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KannelTable {
    pub url: String,
    pub username: String,
    pub password: Secret,
    pub from: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTable {
    #[serde(default = "default_method")]
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    #[serde(default)]
    pub body: Option<String>,
    #[serde(default)]
    pub body_kind: BodyKindFile,
    /// What templates name and no file shows.
    #[serde(default)]
    pub secrets: BTreeMap<String, Secret>,
    #[serde(default)]
    pub accepted_status: Vec<u16>,
    #[serde(default)]
    pub accepted_body: Option<String>,
    #[serde(default)]
    pub refused_body: Option<String>,
    #[serde(default)]
    pub id_pointer: Option<String>,
    #[serde(default)]
    pub reports: Option<ReportsTable>,
}

fn default_method() -> String {
    "POST".into()
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKindFile {
    #[default]
    Json,
    Form,
    Text,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportsTable {
    pub state: String,
    pub delivered: Vec<String>,
    #[serde(default)]
    pub failed: Vec<String>,
    #[serde(default)]
    pub code: Option<String>,
}
