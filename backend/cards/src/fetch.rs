//! How lists and answers are fetched: a port, and HTTP behind it.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, StatusCode};

/// A list's bytes at most: what its decoder takes.
pub const MAX_LIST_BYTES: usize = 0x0fff_ffff;

/// An OCSP answer's bytes at most: a signature and a certificate or two.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// For a list of many megabytes on a slow line.
const LIST_TIMEOUT: Duration = Duration::from_mins(10);

/// While somebody waits with a card in the reader.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);

/// A connection that says nothing for so long is given up.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);

/// What a server said of a file, so that the same bytes are not sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// A list's file as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is still the version that was asked about.
    Unchanged,
    File {
        bytes: Vec<u8>,
        version: Version,
    },
}

/// Why nothing was fetched; never with what the other side said, which is nobody's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("no connection")]
    Connect,
    #[error("it took too long")]
    Timeout,
    #[error("the server answered with status {0}")]
    Status(u16),
    #[error("it is too large")]
    TooLarge,
    #[error("the exchange broke off")]
    Broken,
}

/// Fetches lists of revoked certificates and OCSP answers. What it brings is signed: it need not be trusted, only bounded.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// The file at `url`, [`MAX_LIST_BYTES`] at most, unless it is still the `known` version.
    async fn get(&self, url: &str, known: &Version) -> Result<Fetched, FetchError>;

    /// What the OCSP responder at `url` answers to a request in DER, [`MAX_ANSWER_BYTES`] at most.
    async fn ask(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, FetchError>;
}

/// Fetches over HTTP. Only the configured addresses are called: no redirect is followed, no proxy taken from the environment.
pub struct HttpFetch {
    http: reqwest::Client,
}

impl HttpFetch {
    pub fn new() -> Result<Self, FetchError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("Portique")
            .build()
            .map_err(|_| FetchError::Broken)?;
        Ok(Self { http })
    }
}

#[async_trait]
impl Fetch for HttpFetch {
    async fn get(&self, url: &str, known: &Version) -> Result<Fetched, FetchError> {
        let mut request = self.http.get(url).timeout(LIST_TIMEOUT);
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, last_modified);
        }
        let response = send(request).await?;
        if response.status() == StatusCode::NOT_MODIFIED && *known != Version::default() {
            return Ok(Fetched::Unchanged);
        }
        let version = Version {
            etag: text_of(response.headers(), &ETAG),
            last_modified: text_of(response.headers(), &LAST_MODIFIED),
        };
        let bytes = body(response, MAX_LIST_BYTES).await?;
        Ok(Fetched::File { bytes, version })
    }

    async fn ask(&self, url: &str, request: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let request = self
            .http
            .post(url)
            .timeout(ANSWER_TIMEOUT)
            .header(CONTENT_TYPE, "application/ocsp-request")
            .header(ACCEPT, "application/ocsp-response")
            .body(request);
        body(send(request).await?, MAX_ANSWER_BYTES).await
    }
}

async fn send(request: RequestBuilder) -> Result<Response, FetchError> {
    request.send().await.map_err(|error| failure(&error))
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The body of a good answer, whole or not at all.
async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(FetchError::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failure(&error))? {
        if bytes.len() + piece.len() > limit {
            return Err(FetchError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

fn failure(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        FetchError::Timeout
    } else if error.is_connect() {
        FetchError::Connect
    } else {
        FetchError::Broken
    }
}
