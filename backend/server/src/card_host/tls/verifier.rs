use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

/// Lets every certificate through, and remembers whether the handshake was signed with its key: for one connection alone.
///
/// That nothing is believed of one that has no proof is the judge's affair, who sees both. It starts without proof, so that a
/// handshake which asks for no signature proves nothing.
pub(super) struct LetsThrough {
    provider: Arc<CryptoProvider>,
    authorities: Arc<[DistinguishedName]>,
    is_proved: AtomicBool,
}

impl LetsThrough {
    pub(super) fn new(provider: Arc<CryptoProvider>, authorities: Arc<[DistinguishedName]>) -> Self {
        Self {
            provider,
            authorities,
            is_proved: AtomicBool::new(false),
        }
    }

    /// Whether the certificate's key signed this handshake.
    pub(super) fn has_proof(&self) -> bool {
        self.is_proved.load(Ordering::Acquire)
    }

    fn note(&self, verified: &Result<HandshakeSignatureValid, Error>) -> HandshakeSignatureValid {
        self.is_proved.store(verified.is_ok(), Ordering::Release);
        HandshakeSignatureValid::assertion()
    }
}

impl ClientCertVerifier for LetsThrough {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.authorities
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        Ok(self.note(&verify_tls12_signature(message, certificate, signed, algorithms)))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        Ok(self.note(&verify_tls13_signature(message, certificate, signed, algorithms)))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

impl fmt::Debug for LetsThrough {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LetsThrough")
    }
}
