//! The one way out to a gateway: bounded in time and size, over TLS, never sent on elsewhere.

use core::time::Duration;

use portique_domain::mail::SendError;
use portique_domain::this_machine::is_this_machine;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy, RequestBuilder, Response, Url};

use super::settings::{MAX_TIMEOUT, SmsSettings, SmsSettingsError};

/// More than any gateway has to say of one SMS; what follows is not read.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// What follows in the queue's list where nobody knows whether the gateway took the SMS.
/// How long a connection is kept for the next SMS: less than any gateway keeps one.
const IDLE: Duration = Duration::from_secs(3);
const PERHAPS: &str = "perhaps sent, and not tried again";

/// Speaks HTTP with a gateway.
pub(super) struct Client {
    http: reqwest::Client,
    seconds: u64,
    allow_plain_text: bool,
}

/// What a gateway answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Client {
    pub(super) fn new(settings: &SmsSettings) -> Result<Self, SmsSettingsError> {
        let timeout = settings.timeout;
        if timeout.as_secs() == 0 || timeout > MAX_TIMEOUT {
            let expectation = format!("expected 1 to {} seconds", MAX_TIMEOUT.as_secs());
            return Err(SmsSettingsError::new("timeout_seconds", expectation));
        }
        let mut builder = reqwest::Client::builder()
            .timeout(timeout)
            // Told from an answer that is late: what was never handed over can be tried again.
            .connect_timeout(timeout / 2)
            // One that the gateway closes while it is taken up again would count as perhaps sent.
            .pool_idle_timeout(IDLE)
            // What a gateway is told is for it alone, whoever it names as the next.
            .redirect(Policy::none())
            // The settings' proxy, not whatever the environment names.
            .no_proxy()
            .user_agent("Portique");
        if let Some(proxy) = &settings.proxy {
            let proxy = Proxy::all(proxy.as_str()).map_err(|_| {
                SmsSettingsError::new("proxy", "expected an address such as http://proxy:3128")
            })?;
            builder = builder.proxy(proxy);
        }
        if let Some(path) = &settings.ca_file {
            let wrong = |expectation: String| SmsSettingsError::new("ca_file", expectation);
            let pem = std::fs::read(path)
                .map_err(|error| wrong(format!("{} can't be read: {error}", path.display())))?;
            let certificates = Certificate::from_pem_bundle(&pem)
                .ok()
                .filter(|certificates| !certificates.is_empty())
                .ok_or_else(|| wrong(format!("{} holds no certificate in PEM form", path.display())))?;
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let http = builder
            .build()
            .map_err(|_| SmsSettingsError::new("ca_file", "expected certificates that TLS can use"))?;
        Ok(Self {
            http,
            seconds: timeout.as_secs(),
            allow_plain_text: settings.allow_plain_text,
        })
    }

    /// Reads a gateway's address: `https://`, or `http://` to this machine or where the settings allow it.
    pub(super) fn address(&self, key: &str, text: &str) -> Result<Url, SmsSettingsError> {
        let url = Url::parse(text).ok().filter(|url| url.host_str().is_some());
        let expectation = match url {
            Some(url) if url.scheme() == "https" => return Ok(url),
            Some(url) if url.scheme() == "http" => {
                if self.allow_plain_text || url.host_str().is_some_and(is_this_machine) {
                    return Ok(url);
                }
                "expected https://: http:// is for a gateway on this machine, or with allow_plain_text = true where codes may \
                 cross the network in clear"
            }
            _ => "expected an address that starts with https://",
        };
        Err(SmsSettingsError::new(key, expectation))
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends the request and reads the answer. Nothing of an address or of the answer is in an error: they hold numbers and
    /// secrets.
    pub(super) async fn call(&self, request: RequestBuilder) -> Result<Answer, SendError> {
        let response = request.send().await.map_err(|error| self.failure(&error))?;
        let status = response.status().as_u16();
        let body = self.body(response).await?;
        Ok(Answer { status, body })
    }

    async fn body(&self, mut response: Response) -> Result<String, SendError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.failure(&error))? {
            let room = MAX_ANSWER_BYTES - body.len();
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if body.len() == MAX_ANSWER_BYTES {
                break;
            }
        }
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    fn failure(&self, error: &reqwest::Error) -> SendError {
        if error.is_connect() {
            return SendError::Transient("no connection to the SMS gateway".to_owned());
        }
        if error.is_builder() {
            return SendError::Permanent("the request to the SMS gateway can't be written".to_owned());
        }
        SendError::Unknown(if error.is_timeout() {
            let seconds = self.seconds;
            format!("the SMS gateway took longer than {seconds} s: {PERHAPS}")
        } else {
            format!("the exchange with the SMS gateway broke off: {PERHAPS}")
        })
    }
}

impl Answer {
    pub(super) const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// Why an SMS was not taken. `code`: the gateway's own, of which only letters, digits and `_` are told.
    pub(super) fn refusal(&self, code: Option<&str>) -> SendError {
        let status = self.status;
        let code: String = code
            .unwrap_or_default()
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .take(40)
            .collect();
        let code = if code.is_empty() {
            code
        } else {
            format!(", code {code}")
        };
        match status {
            // Words of whoever stands between, who does not know what became of it.
            502 | 504 => SendError::Unknown(format!(
                "the SMS gateway did not answer in time: answer {status}{code}: {PERHAPS}"
            )),
            // Busy, too early, too often: later it is taken.
            408 | 425 | 429 | 500.. => SendError::Transient(format!(
                "the SMS gateway did not take the SMS: answer {status}{code}"
            )),
            300..400 => SendError::Permanent(format!(
                "the SMS gateway sends elsewhere (answer {status}), where no SMS is handed over"
            )),
            _ => SendError::Permanent(format!("the SMS gateway refuses the SMS: answer {status}{code}")),
        }
    }

    pub(super) fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(&self.body).ok()
    }
}
