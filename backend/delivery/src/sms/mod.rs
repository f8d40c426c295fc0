//! SMS over a gateway's HTTP: which one, the settings say.

mod client;
mod gsm;
mod http;
mod kannel;
mod ovh;
mod report;
mod settings;
mod template;
mod text;
mod twilio;

use std::sync::Arc;

use portique_domain::sms::SmsGateway;

pub use self::gsm::{Segments, segments};
pub use self::http::{BodyKind, HttpSettings, ReportFields};
pub use self::kannel::KannelSettings;
pub use self::ovh::{EUROPE as OVH_EUROPE, OvhSettings};
pub use self::report::{Sms, report_path};
pub use self::settings::{GatewaySettings, MAX_TIMEOUT, SmsSettings, SmsSettingsError};
pub use self::text::sign_in_code;
pub use self::twilio::{API as TWILIO_API, TwilioSender, TwilioSettings};

/// The gateway of these settings. Connects to nobody yet, so that a server starts while its gateway is down.
///
/// # Errors
/// [`SmsSettingsError`], naming the key.
pub fn gateway(settings: SmsSettings) -> Result<Arc<dyn SmsGateway>, SmsSettingsError> {
    let client = client::Client::new(&settings)?;
    Ok(match settings.gateway {
        GatewaySettings::Ovh(settings) => Arc::new(ovh::Ovh::new(settings, client)?),
        GatewaySettings::Twilio(settings) => Arc::new(twilio::Twilio::new(settings, client)?),
        GatewaySettings::Http(settings) => Arc::new(http::HttpGateway::new(settings, client)?),
        GatewaySettings::Kannel(settings) => Arc::new(kannel::Kannel::new(settings, client)?),
    })
}
