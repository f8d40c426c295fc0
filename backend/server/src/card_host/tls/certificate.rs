//! The server's own certificate, read anew when its file changes: it is renewed every few weeks, and nobody starts a server
//! anew for it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;
use std::{fs, io};

use tokio_rustls::rustls::crypto::ring::sign::any_supported_type;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};

/// What the server shows: it has one name.
pub(super) type Identity = Arc<SingleCertAndKey>;

/// Where certificate and key are.
#[derive(Clone)]
pub struct ServerFiles {
    /// PEM, the host's own first.
    pub certificate: PathBuf,
    /// PEM; `None` where the key stands in the configuration itself.
    pub key: Option<PathBuf>,
    /// The key in the configuration, in PEM.
    pub written_key: Arc<str>,
}

impl core::fmt::Debug for ServerFiles {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("ServerFiles")
            .field("certificate", &self.certificate)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Which of the files can't be used, and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {expectation}")]
pub struct ServerFilesFault {
    /// `certificate` or `key`.
    pub key: &'static str,
    pub expectation: String,
}

fn fault(key: &'static str, expectation: impl Into<String>) -> ServerFilesFault {
    ServerFilesFault {
        key,
        expectation: expectation.into(),
    }
}

impl ServerFiles {
    /// The certificate and its key, which go together.
    pub fn read(&self) -> Result<CertifiedKey, ServerFilesFault> {
        let unreadable = |key, path: &PathBuf, error: io::Error| {
            fault(
                key,
                format!("expected a readable file, {}: {error}", path.display()),
            )
        };
        let pem = fs::read(&self.certificate)
            .map_err(|error| unreadable("certificate", &self.certificate, error))?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|_| fault("certificate", "expected certificates in PEM"))?;
        if certificates.is_empty() {
            return Err(fault("certificate", "expected a certificate in PEM"));
        }
        let key = match &self.key {
            Some(path) => fs::read(path).map_err(|error| unreadable("key", path, error))?,
            None => self.written_key.as_bytes().to_vec(),
        };
        let key =
            PrivateKeyDer::from_pem_slice(&key).map_err(|_| fault("key", "expected a private key in PEM"))?;
        let key =
            any_supported_type(&key).map_err(|_| fault("key", "expected an RSA, ECDSA or Ed25519 key"))?;
        let certified = CertifiedKey::new(certificates, key);
        certified
            .keys_match()
            .map_err(|_| fault("key", "expected the key of the certificate beside it"))?;
        Ok(certified)
    }

    /// When they were written last.
    fn written_at(&self) -> Option<Written> {
        let modified = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified());
        Some(Written {
            certificate: modified(&self.certificate).ok()?,
            key: self.key.as_ref().map(modified).transpose().ok()?,
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Written {
    certificate: SystemTime,
    key: Option<SystemTime>,
}

/// The certificate as it was read last.
#[derive(Clone)]
pub(super) struct Served {
    files: ServerFiles,
    held: Arc<RwLock<Held>>,
}

struct Held {
    identity: Identity,
    written: Option<Written>,
}

impl Served {
    pub(super) fn new(files: ServerFiles) -> Result<Self, ServerFilesFault> {
        let written = files.written_at();
        let identity = Arc::new(SingleCertAndKey::from(files.read()?));
        Ok(Self {
            files,
            held: Arc::new(RwLock::new(Held { identity, written })),
        })
    }

    /// What the files hold now; what they held before where they can't be used, as in the moment between the two being written.
    pub(super) async fn current(&self) -> Identity {
        let served = self.clone();
        let read = tokio::task::spawn_blocking(move || served.reread()).await;
        read.unwrap_or_else(|_| self.held())
    }

    fn held(&self) -> Identity {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.identity)
    }

    fn reread(&self) -> Identity {
        let written = self.files.written_at();
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if written.is_none() || held.written == written {
                return Arc::clone(&held.identity);
            }
        }
        match self.files.read() {
            Ok(certified) => {
                tracing::info!("the card host's certificate was read anew");
                let identity = Arc::new(SingleCertAndKey::from(certified));
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                *held = Held {
                    identity: Arc::clone(&identity),
                    written,
                };
                identity
            }
            Err(fault) => {
                tracing::warn!(%fault, "the card host's new certificate can't be used: the one before is shown");
                self.held()
            }
        }
    }
}
