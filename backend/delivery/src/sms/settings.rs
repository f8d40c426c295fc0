//! How to reach an SMS gateway, and what is refused before the first SMS.

use std::path::PathBuf;
use std::time::Duration;

use super::http::HttpSettings;
use super::kannel::KannelSettings;
use super::ovh::OvhSettings;
use super::twilio::TwilioSettings;

/// The longest that a gateway may take to answer: a person waits for the code, and another try is worth more.
pub const MAX_TIMEOUT: Duration = Duration::from_mins(1);

/// How to reach the gateway. `Debug` is not derived: it holds secrets.
#[derive(Clone)]
pub struct SmsSettings {
    pub gateway: GatewaySettings,
    /// For connecting, sending and reading the answer, all together.
    pub timeout: Duration,
    /// An HTTP proxy on the way out: `http://proxy:3128`.
    pub proxy: Option<String>,
    /// Certificates (PEM) of authorities trusted beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// Lets an address start with `http://` beyond this machine: codes and secrets then cross the network in clear.
    pub allow_plain_text: bool,
}

#[derive(Clone)]
pub enum GatewaySettings {
    Ovh(OvhSettings),
    Twilio(TwilioSettings),
    Http(HttpSettings),
    Kannel(KannelSettings),
}

/// Settings that no SMS could safely leave with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {expectation}")]
pub struct SmsSettingsError {
    /// As the settings' file names it, below `sms.`.
    pub key: String,
    pub expectation: String,
}

impl SmsSettingsError {
    pub(super) fn new(key: impl Into<String>, expectation: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            expectation: expectation.into(),
        }
    }
}
