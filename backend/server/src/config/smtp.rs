//! From the mail settings as written to those that the mailer takes.

use std::path::Path;
use std::time::Duration;

use portique_delivery::smtp::{
    SmtpCredentials, SmtpMailer, SmtpSettings as Smtp, SmtpSettingsError, SmtpTls,
};

use super::error::ConfigError;
use super::settings::{MailSettings, SmtpSettings};

/// What carries mails away, or why these settings can't.
pub(super) fn mailer(mail: &MailSettings, folder: &Path, file: &Path) -> Result<SmtpMailer, ConfigError> {
    match mail {
        MailSettings::Smtp(settings) => {
            let settings = settings.resolve(folder, file)?;
            SmtpMailer::new(settings).map_err(|error| named(&error, file))
        }
        MailSettings::Demo {} | MailSettings::File {} => Err(ConfigError::new(
            file,
            "mail.transport",
            "expected \"smtp\": a server that is not a demo must send its mails, not keep them",
        )),
    }
}

/// The mailer names its key first; the settings' file calls one of them otherwise.
fn named(error: &SmtpSettingsError, file: &Path) -> ConfigError {
    let text = error.to_string();
    let (key, expectation) = text.split_once(": ").unwrap_or(("transport", &text));
    let key = if key == "timeout" { "timeout_seconds" } else { key };
    ConfigError::new(file, format!("mail.{key}"), expectation)
}

impl SmtpSettings {
    /// Reads the password's file, if there is one, and fills the defaults in.
    pub fn resolve(&self, folder: &Path, file: &Path) -> Result<Smtp, ConfigError> {
        let password = self
            .password
            .as_ref()
            .map(|secret| secret.reveal(folder, file, "mail.password"))
            .transpose()?;
        let username = self.username.clone();
        if username.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(ConfigError::new(
                file,
                "mail.username",
                "found an empty text, expected a name; take the key out where there is none",
            ));
        }
        let credentials = match (username, password) {
            (Some(username), Some(password)) => Some(SmtpCredentials { username, password }),
            (None, None) => None,
            (Some(_), None) => {
                return Err(ConfigError::new(
                    file,
                    "mail.password",
                    "expected a password beside mail.username",
                ));
            }
            (None, Some(_)) => {
                return Err(ConfigError::new(
                    file,
                    "mail.username",
                    "expected a name beside mail.password",
                ));
            }
        };
        Ok(Smtp {
            host: self.host.clone(),
            port: self.port.unwrap_or(match self.tls {
                SmtpTls::Implicit => 465,
                SmtpTls::StartTls => 587,
                SmtpTls::None => 25,
            }),
            tls: self.tls,
            credentials,
            ca_file: self.ca_file.as_ref().map(|path| folder.join(path)),
            timeout: Duration::from_secs(self.timeout_seconds),
            hello_name: self.hello_name.clone(),
            allow_plain_text: self.allow_plain_text,
        })
    }
}
