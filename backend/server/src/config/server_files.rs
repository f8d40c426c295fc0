//! The certificate that the host which asks for cards shows, and its key.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fs, io};

use tokio_rustls::rustls::crypto::ring::sign::any_supported_type;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;

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
}
