//! Answers whether a certificate is still good: one function from a request and the time to an answer.

use std::collections::BTreeMap;

use der::Decode;
use der::asn1::{GeneralizedTime, Null};
use der::oid::db::rfc6960::ID_PKIX_OCSP_NONCE;
use jiff::{SignedDuration, Timestamp};
use x509_cert::Certificate;
use x509_cert::ext::pkix::CrlReason;
use x509_ocsp::{
    AsResponseBytes, BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse,
    ResponderId, ResponseData, RevokedInfo, SingleResponse, Version,
};

use crate::asn1::{date_time, encode, extension, octets};
use crate::authority::{Authority, Issued};
use crate::key::{Hash, Key};

/// What is answered of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked(Timestamp),
    Unknown,
}

/// What is wrong with the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspFault {
    /// Signed by a key that is nobody's.
    WrongSigner,
    /// Of yesterday, and good until an hour ago.
    Stale,
    /// Of tomorrow.
    Future,
    /// Says of another certificate that it is good.
    WrongCertificate,
    /// With a nonce that nobody sent.
    WrongNonce,
    /// Hashed by SHA-1, and signed so.
    WeakSignature,
    /// «Try later», and nothing else.
    TryLater,
    /// No DER at all.
    Unreadable,
}

/// One that answers about an authority's certificates.
#[derive(Clone)]
pub struct OcspResponder {
    pub authority: Authority,
    /// Who signs in the authority's name, its certificate in each answer; `None`: the authority itself.
    pub delegate: Option<Issued>,
    /// By serial number, as [`Issued::serial`] has it.
    pub statuses: BTreeMap<Vec<u8>, Status>,
    /// Of all others.
    pub otherwise: Status,
    /// How long an answer is good.
    pub lasts: SignedDuration,
    /// Whether the request's nonce comes back.
    pub echoes_nonce: bool,
    pub fault: Option<OcspFault>,
}

impl OcspResponder {
    /// All that the authority issued is good, for an hour.
    pub fn new(authority: Authority) -> Self {
        Self {
            authority,
            delegate: None,
            statuses: BTreeMap::new(),
            otherwise: Status::Good,
            lasts: SignedDuration::from_hours(1),
            echoes_nonce: true,
            fault: None,
        }
    }

    #[must_use]
    pub fn with(mut self, serial: &[u8], status: Status) -> Self {
        self.statuses.insert(serial.to_vec(), status);
        self
    }

    /// The answer's DER to a request's. Certificates of other authorities are unknown.
    pub fn answer(&self, request: &[u8], now: Timestamp) -> Vec<u8> {
        match self.fault {
            Some(OcspFault::Unreadable) => return b"no answer".to_vec(),
            Some(OcspFault::TryLater) => return encode(&OcspResponse::try_later()),
            _ => {}
        }
        let Ok(request) = OcspRequest::from_der(request) else {
            return encode(&OcspResponse::malformed_request());
        };
        let answer = self.signed(self.content(&request, now));
        let bytes = answer.to_response_bytes().expect("an answer fits in memory");
        encode(&OcspResponse {
            response_status: x509_ocsp::OcspResponseStatus::Successful,
            response_bytes: Some(bytes),
        })
    }

    /// Whether the request is about a certificate of this authority.
    pub fn is_asked(&self, request: &[u8]) -> bool {
        OcspRequest::from_der(request).is_ok_and(|request| {
            request
                .tbs_request
                .request_list
                .iter()
                .any(|asked| self.is_ours(&asked.req_cert))
        })
    }

    fn content(&self, request: &OcspRequest, now: Timestamp) -> ResponseData {
        let day = SignedDuration::from_hours(24);
        let hour = SignedDuration::from_hours(1);
        let (from, until) = match self.fault {
            Some(OcspFault::Stale) => (now - day, now - hour),
            Some(OcspFault::Future) => (now + day, now + day + self.lasts),
            _ => (now, now + self.lasts),
        };
        let responses = request
            .tbs_request
            .request_list
            .iter()
            .map(|asked| SingleResponse {
                cert_id: self.named(&asked.req_cert),
                cert_status: self.status(&asked.req_cert),
                this_update: moment(from),
                next_update: Some(moment(until)),
                single_extensions: None,
            });
        ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByKey(octets(self.signer().identifier())),
            produced_at: moment(from),
            responses: responses.collect(),
            response_extensions: self.nonce(request),
        }
    }

    fn nonce(&self, request: &OcspRequest) -> Option<Vec<x509_cert::ext::Extension>> {
        let sent = request.tbs_request.request_extensions.iter().flatten();
        let mut nonces: Vec<_> = sent
            .filter(|sent| self.echoes_nonce && sent.extn_id == ID_PKIX_OCSP_NONCE)
            .cloned()
            .collect();
        if self.fault == Some(OcspFault::WrongNonce) {
            let other = encode(&octets(vec![0x55; 16]));
            nonces = vec![extension(ID_PKIX_OCSP_NONCE, false, other)];
        }
        (!nonces.is_empty()).then_some(nonces)
    }

    fn named(&self, asked: &CertId) -> CertId {
        let mut named = asked.clone();
        if self.fault == Some(OcspFault::WrongCertificate) {
            named.serial_number = x509_cert::serial_number::SerialNumber::new(&[0x55; 16])
                .expect("a serial number has up to 20 bytes");
        }
        named
    }

    fn status(&self, asked: &CertId) -> CertStatus {
        let serial = asked.serial_number.as_bytes();
        let serial = serial.strip_prefix(&[0]).unwrap_or(serial);
        let status = if self.is_ours(asked) {
            self.statuses.get(serial).copied().unwrap_or(self.otherwise)
        } else {
            Status::Unknown
        };
        match status {
            Status::Good => CertStatus::Good(Null),
            Status::Unknown => CertStatus::Unknown(Null),
            Status::Revoked(at) => CertStatus::Revoked(RevokedInfo {
                revocation_time: moment(at),
                revocation_reason: Some(CrlReason::KeyCompromise),
            }),
        }
    }

    /// Whether the request names this authority, by whichever hash.
    fn is_ours(&self, asked: &CertId) -> bool {
        let name = encode(&self.authority.name);
        let key = self.authority.issued.key.public();
        [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512]
            .into_iter()
            .any(|hash| {
                hash.digest(&[&name]) == asked.issuer_name_hash.as_bytes()
                    && hash.digest(&[key.subject_public_key.raw_bytes()]) == asked.issuer_key_hash.as_bytes()
            })
    }

    fn signer(&self) -> &Key {
        self.delegate
            .as_ref()
            .map_or(&self.authority.issued.key, |delegate| &delegate.key)
    }

    fn signed(&self, content: ResponseData) -> BasicOcspResponse {
        let hash = match self.fault {
            Some(OcspFault::WeakSignature) => Hash::Sha1,
            _ => Hash::Sha256,
        };
        let stranger;
        let signer = if self.fault == Some(OcspFault::WrongSigner) {
            stranger = Key::of("nobody", crate::KeyKind::P256);
            &stranger
        } else {
            self.signer()
        };
        let delegate = self.delegate.as_ref().map(|delegate| {
            Certificate::from_der(&delegate.certificate).expect("delegates are issued with names in order")
        });
        BasicOcspResponse {
            signature_algorithm: signer.algorithm(hash),
            signature: signer.sign(hash, &encode(&content)),
            tbs_response_data: content,
            certs: delegate.map(|delegate| vec![delegate]),
        }
    }
}

fn moment(at: Timestamp) -> OcspGeneralizedTime {
    OcspGeneralizedTime(GeneralizedTime::from_date_time(date_time(at)))
}
