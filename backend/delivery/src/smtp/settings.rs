//! How to reach the mail server, and what is refused before the first mail.

use std::path::PathBuf;
use std::time::Duration;

use portique_domain::this_machine::is_this_machine;
use serde::Deserialize;

/// The longest a step may take. A mail takes three at most (is the connection alive, connecting, sending), which must
/// end well within [`portique_domain::outbox::HOLD`]: past it, another worker sends the mail too.
pub const MAX_TIMEOUT: Duration = Duration::from_secs(90);

/// How to reach the mail server. `Debug` is not derived: it holds a password.
#[derive(Clone)]
pub struct SmtpSettings {
    /// A name or an IP address; the server's certificate must bear it.
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    /// Who Portique is to the server; `None` where the server asks for nobody.
    pub credentials: Option<SmtpCredentials>,
    /// Certificates (PEM) of authorities trusted beside the public ones: a hospital's own.
    pub ca_file: Option<PathBuf>,
    /// For connecting, and again for handing a mail over; a minute suits most servers.
    pub timeout: Duration,
    /// The name given in `EHLO`: the one that this machine has to the mail server. `None` gives its loopback address.
    pub hello_name: Option<String>,
    /// Lets `tls = "none"` reach further than this machine: mails, with their provisional passwords, then cross the network
    /// in clear. For a relay in the same closed network that knows no TLS.
    pub allow_plain_text: bool,
}

/// A name and password for the mail server.
#[derive(Clone)]
pub struct SmtpCredentials {
    pub username: String,
    pub password: String,
}

/// How the connection is protected. A server that does not offer what is asked gets no mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// Not at all: to this machine only, unless [`SmtpSettings::allow_plain_text`].
    None,
    /// Clear at first, then TLS, before anything is told (port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (port 465).
    Implicit,
}

/// Settings that no mail could safely leave with. Each names its key and what was expected.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSettingsError {
    #[error("host: expected the mail server's name or IP address")]
    Host,
    #[error("timeout: expected 1 to {} seconds", MAX_TIMEOUT.as_secs())]
    Timeout,
    #[error(
        "tls: \"none\" is for a mail server on this machine; expected \"starttls\" or \"implicit\", or allow_plain_text = true where mails may cross the network in clear"
    )]
    PlainText,
    #[error("hello_name: expected a host name, without white space")]
    HelloName,
    #[error("ca_file: {path} can't be read: {source}")]
    CaFile { path: PathBuf, source: std::io::Error },
    #[error("ca_file: {0} holds no certificate in PEM form")]
    NoCertificate(PathBuf),
    #[error("tls: {0}")]
    Tls(String),
}

impl SmtpSettings {
    /// Refuses what can be refused without a look at the disk or the network.
    pub(super) fn check(&self) -> Result<(), SmtpSettingsError> {
        let is_name = |text: &str| {
            !text.is_empty()
                && !text
                    .chars()
                    .any(|letter| letter.is_whitespace() || letter.is_control())
        };
        if !is_name(&self.host) {
            return Err(SmtpSettingsError::Host);
        }
        if !self.hello_name.as_deref().is_none_or(is_name) {
            return Err(SmtpSettingsError::HelloName);
        }
        if self.timeout < Duration::from_secs(1) || self.timeout > MAX_TIMEOUT {
            return Err(SmtpSettingsError::Timeout);
        }
        if self.tls == SmtpTls::None && !self.allow_plain_text && !is_this_machine(&self.host) {
            return Err(SmtpSettingsError::PlainText);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, tls: SmtpTls) -> SmtpSettings {
        SmtpSettings {
            host: host.into(),
            port: 25,
            tls,
            credentials: None,
            ca_file: None,
            timeout: Duration::from_mins(1),
            hello_name: None,
            allow_plain_text: false,
        }
    }

    #[test]
    fn mails_in_clear_stay_on_this_machine_unless_the_settings_say_otherwise() {
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
            assert!(settings(host, SmtpTls::None).check().is_ok(), "{host}");
        }
        for host in ["mail.example.org", "10.0.0.5", "localhost.example.org"] {
            let mut settings = settings(host, SmtpTls::None);
            assert!(
                matches!(settings.check(), Err(SmtpSettingsError::PlainText)),
                "{host}"
            );
            settings.allow_plain_text = true;
            assert!(settings.check().is_ok(), "{host}");
        }
        assert!(settings("mail.example.org", SmtpTls::StartTls).check().is_ok());
        assert!(settings("mail.example.org", SmtpTls::Implicit).check().is_ok());
    }

    #[test]
    fn settings_that_could_never_work_are_refused_by_name() {
        let good = settings("mail.example.org", SmtpTls::StartTls);
        let with = |change: fn(&mut SmtpSettings)| {
            let mut settings = good.clone();
            change(&mut settings);
            settings.check().unwrap_err().to_string()
        };
        assert!(with(|settings| settings.host.clear()).starts_with("host:"));
        assert!(with(|settings| settings.timeout = Duration::ZERO).starts_with("timeout:"));
        assert!(with(|settings| settings.timeout = Duration::from_mins(10)).starts_with("timeout:"));
        let error = with(|settings| settings.hello_name = Some("a\r\nMAIL FROM".into()));
        assert!(error.starts_with("hello_name:"), "{error}");
    }
}
