//! Connections to the mail server, kept from mail to mail.
//!
//! lettre's own pool is not used, for two reasons. A send that is given up halfway would return its connection to that
//! pool with an answer still on its way, and the next mail would take that answer for its own: a mail lost in silence.
//! And its errors do not tell a server that refuses Portique from one that refuses the mail.

use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::settings::SmtpTls;

/// Connections kept while nobody uses them: as many as the worker sends at once.
const KEPT: usize = 4;

/// How long a kept connection may take to say that it still lives, before a new one is made instead.
const ALIVE_WITHIN: Duration = Duration::from_secs(5);

pub(super) struct Connections {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: SmtpTls,
    pub(super) parameters: TlsParameters,
    pub(super) credentials: Option<Credentials>,
    pub(super) hello_name: ClientId,
    pub(super) timeout: Duration,
    pub(super) kept: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Connections {
    /// A connection that answers: a kept one, or a new one. The caller bounds the time that it takes.
    pub(super) async fn get(&self) -> Result<AsyncSmtpConnection, Error> {
        loop {
            let Some(mut connection) = self.kept.lock().await.pop() else {
                return self.connect().await;
            };
            if matches!(timeout(ALIVE_WITHIN, connection.test_connected()).await, Ok(true)) {
                return Ok(connection);
            }
        }
    }

    /// Keeps a connection whose last mail was taken: only then is it known that no answer is left on it.
    pub(super) async fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept.lock().await;
        if kept.len() < KEPT {
            kept.push(connection);
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let implicit = (self.tls == SmtpTls::Implicit).then(|| self.parameters.clone());
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(self.timeout),
            &self.hello_name,
            implicit,
            None,
        )
        .await?;
        if self.tls == SmtpTls::StartTls {
            connection
                .starttls(self.parameters.clone(), &self.hello_name)
                .await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}
