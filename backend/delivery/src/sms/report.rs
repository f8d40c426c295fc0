//! The gateway, and where it tells what became of an SMS.

use std::sync::Arc;

use portique_domain::keyring::Keyring;
use portique_domain::portal::Portal;
use portique_domain::sms::{SmsGateway, report_token};
use portique_shared::api::paths;
use uuid::Uuid;

/// What SMS leave by.
#[derive(Clone)]
pub struct Sms {
    pub gateway: Arc<dyn SmsGateway>,
    /// Scheme and authority that reports are sent to; `None`: the portal's own. For a gateway that reaches this server
    /// otherwise than people do.
    pub reports_to: Option<String>,
}

impl Sms {
    /// Where the gateway tells what became of a message.
    pub fn report_url(&self, portal: &Portal, keyring: &Keyring, message: Uuid) -> String {
        let base = self.reports_to.as_deref().unwrap_or(&portal.public_url);
        let token = report_token(keyring, message);
        let path = report_path(self.gateway.kind(), message, &token);
        format!("{}{path}", base.trim_end_matches('/'))
    }
}

/// The path of a report.
pub fn report_path(gateway: &str, message: Uuid, token: &str) -> String {
    paths::SMS_REPORT
        .replace("{gateway}", gateway)
        .replace("{message}", &message.to_string())
        .replace("{token}", token)
}
