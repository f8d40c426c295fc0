//! From the SMS settings as written to the gateway that they name.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use portique_delivery::sms::{
    BodyKind, GatewaySettings, HttpSettings, KannelSettings, OVH_EUROPE, OvhSettings, ReportFields, Sms,
    SmsSettings as Sending, TWILIO_API, TwilioSender, TwilioSettings,
};

use super::error::ConfigError;
use super::secret::Secret;
use super::sms_settings::{
    BodyKindFile, GatewayKind, HttpTable, KannelTable, OvhTable, SmsSettings, TwilioTable,
};

/// What carries SMS away, or why these settings can't; `None` where there are none.
pub(super) fn gateway(
    settings: Option<&SmsSettings>,
    folder: &Path,
    file: &Path,
) -> Result<Option<Sms>, ConfigError> {
    let Some(settings) = settings else {
        return Ok(None);
    };
    let reader = Reader { folder, file };
    let gateway = match settings.gateway {
        GatewayKind::Ovh => reader.ovh(reader.table(settings.ovh.as_ref(), "ovh")?)?,
        GatewayKind::Twilio => reader.twilio(reader.table(settings.twilio.as_ref(), "twilio")?)?,
        GatewayKind::Http => reader.http(reader.table(settings.http.as_ref(), "http")?)?,
        GatewayKind::Kannel => reader.kannel(reader.table(settings.kannel.as_ref(), "kannel")?)?,
        GatewayKind::Demo => {
            let expectation = "expected ovh, twilio, http or kannel: a server that is not a demo must send its SMS, not keep them";
            return Err(reader.wrong("gateway", expectation));
        }
    };
    if let Some(reports_to) = &settings.reports_to {
        let host = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| reports_to.strip_prefix(scheme));
        if !host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '%', ' '])) {
            let expectation = "expected a scheme and a host, such as https://portique.internal:8443";
            return Err(reader.wrong("reports_to", expectation));
        }
    }
    let sending = Sending {
        gateway,
        timeout: Duration::from_secs(settings.timeout_seconds),
        proxy: settings.proxy.clone(),
        ca_file: settings.ca_file.as_ref().map(|path| folder.join(path)),
        allow_plain_text: settings.allow_plain_text,
    };
    let gateway = portique_delivery::sms::gateway(sending)
        .map_err(|error| reader.wrong(&error.key, error.expectation))?;
    Ok(Some(Sms {
        gateway,
        reports_to: settings.reports_to.clone(),
    }))
}

struct Reader<'a> {
    folder: &'a Path,
    file: &'a Path,
}

impl Reader<'_> {
    fn wrong(&self, key: &str, expectation: impl Into<String>) -> ConfigError {
        ConfigError::new(self.file, format!("sms.{key}"), expectation)
    }

    fn table<T>(&self, table: Option<T>, name: &str) -> Result<T, ConfigError> {
        let expectation =
            format!("missing: the table [sms.{name}] must be given beside gateway = \"{name}\"");
        table.ok_or_else(|| self.wrong(name, expectation))
    }

    fn secret(&self, secret: &Secret, key: &str) -> Result<String, ConfigError> {
        secret.reveal(self.folder, self.file, &format!("sms.{key}"))
    }

    fn secrets(
        &self,
        secrets: &BTreeMap<String, Secret>,
        key: &str,
    ) -> Result<BTreeMap<String, String>, ConfigError> {
        secrets
            .iter()
            .map(|(name, secret)| Ok((name.clone(), self.secret(secret, &format!("{key}.{name}"))?)))
            .collect()
    }

    fn text(&self, text: &str, key: &str) -> Result<String, ConfigError> {
        if text.trim().is_empty() {
            return Err(self.wrong(key, "found an empty text"));
        }
        Ok(text.to_owned())
    }

    fn ovh(&self, table: &OvhTable) -> Result<GatewaySettings, ConfigError> {
        Ok(GatewaySettings::Ovh(OvhSettings {
            endpoint: table.endpoint.clone().unwrap_or_else(|| OVH_EUROPE.to_owned()),
            service_name: table.service_name.clone(),
            application_key: self.secret(&table.application_key, "ovh.application_key")?,
            application_secret: self.secret(&table.application_secret, "ovh.application_secret")?,
            consumer_key: self.secret(&table.consumer_key, "ovh.consumer_key")?,
            sender: table
                .sender
                .as_deref()
                .map(|sender| self.text(sender, "ovh.sender"))
                .transpose()?,
        }))
    }

    fn twilio(&self, table: &TwilioTable) -> Result<GatewaySettings, ConfigError> {
        let sender = match (&table.from, &table.messaging_service_sid) {
            (Some(from), None) => TwilioSender::From(self.text(from, "twilio.from")?),
            (None, Some(sid)) => {
                TwilioSender::MessagingService(self.text(sid, "twilio.messaging_service_sid")?)
            }
            _ => {
                let expectation = "expected either from or messaging_service_sid";
                return Err(self.wrong("twilio.from", expectation));
            }
        };
        Ok(GatewaySettings::Twilio(TwilioSettings {
            endpoint: table.endpoint.clone().unwrap_or_else(|| TWILIO_API.to_owned()),
            account_sid: table.account_sid.clone(),
            auth_token: self.secret(&table.auth_token, "twilio.auth_token")?,
            sender,
        }))
    }

    fn kannel(&self, table: &KannelTable) -> Result<GatewaySettings, ConfigError> {
        Ok(GatewaySettings::Kannel(KannelSettings {
            url: table.url.clone(),
            username: self.text(&table.username, "kannel.username")?,
            password: self.secret(&table.password, "kannel.password")?,
            from: self.text(&table.from, "kannel.from")?,
        }))
    }

    fn http(&self, table: &HttpTable) -> Result<GatewaySettings, ConfigError> {
        Ok(GatewaySettings::Http(HttpSettings {
            method: table.method.clone(),
            url: table.url.clone(),
            headers: self.secrets(&table.headers, "http.headers")?,
            body: table.body.clone(),
            body_kind: match table.body_kind {
                BodyKindFile::Json => BodyKind::Json,
                BodyKindFile::Form => BodyKind::Form,
                BodyKindFile::Text => BodyKind::Text,
            },
            secrets: self.secrets(&table.secrets, "http.secrets")?,
            accepted_status: table.accepted_status.clone(),
            accepted_body: table.accepted_body.clone(),
            refused_body: table.refused_body.clone(),
            id_pointer: table.id_pointer.clone(),
            reports: table.reports.as_ref().map(|reports| ReportFields {
                state: reports.state.clone(),
                delivered: reports.delivered.clone(),
                failed: reports.failed.clone(),
                code: reports.code.clone(),
            }),
        }))
    }
}
