//! Mail over SMTP.

mod compose;
mod connections;
mod refusal;
mod settings;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use portique_domain::mail::{Mailer, OutgoingMail, SendError};
use tokio::sync::Mutex;
use tokio::time::timeout;

use connections::Connections;
pub use settings::{MAX_TIMEOUT, SmtpCredentials, SmtpSettings, SmtpSettingsError, SmtpTls};

/// Hands mails over to a mail server. The server's certificate is always verified.
pub struct SmtpMailer(Connections);

impl SmtpMailer {
    /// Reads the certificates; connects to nobody yet, so that a server starts while its mail server is down.
    pub fn new(settings: SmtpSettings) -> Result<Self, SmtpSettingsError> {
        settings.check()?;
        let parameters = tls_parameters(&settings)?;
        Ok(Self(Connections {
            host: settings.host,
            port: settings.port,
            tls: settings.tls,
            parameters,
            credentials: settings
                .credentials
                .map(|credentials| Credentials::new(credentials.username, credentials.password)),
            hello_name: settings
                .hello_name
                .map_or_else(ClientId::default, ClientId::Domain),
            timeout: settings.timeout,
            kept: Mutex::default(),
        }))
    }
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, SmtpSettingsError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|source| SmtpSettingsError::CaFile {
            path: path.clone(),
            source,
        })?;
        // Text without a certificate is read as an empty list, which would trust nobody and say nothing.
        let holds_one = pem.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes());
        let certificate = Certificate::from_pem(&pem)
            .ok()
            .filter(|_| holds_one)
            .ok_or_else(|| SmtpSettingsError::NoCertificate(path.clone()))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build()
        .map_err(|error| SmtpSettingsError::Tls(error.to_string()))
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        let (envelope, written) = compose::compose(mail)?;
        let limit = self.0.timeout;
        let mut connection = timeout(limit, self.0.get())
            .await
            .map_err(|_| refusal::too_slow("connecting to the mail server", limit.as_secs()))?
            .map_err(|error| refusal::no_connection(&error, &mail.to))?;
        timeout(limit, connection.send(&envelope, &written))
            .await
            .map_err(|_| refusal::too_slow("handing the mail over", limit.as_secs()))?
            .map_err(|error| refusal::no_delivery(&error, &mail.to))?;
        self.0.keep(connection).await;
        Ok(())
    }
}
