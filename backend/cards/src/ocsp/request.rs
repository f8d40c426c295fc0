//! The question.

use const_oid::db::rfc5912::ID_SHA_1;
use const_oid::db::rfc6960::ID_PKIX_OCSP_NONCE;
use der::asn1::{AnyRef, OctetString};
use der::{Encode, Tag};
use sha1::{Digest, Sha1};
use x509_cert::ext::Extension;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest, Version};

use crate::signature::key_parts;
use crate::trust::Authority;

/// What is asked of a responder.
pub(crate) struct Question {
    pub(crate) certificate: CertId,
    pub(crate) nonce: [u8; 16],
}

impl Question {
    /// Whether a certificate of that authority is still good. SHA-1 only names the authority here; every responder knows it, and
    /// few know another (RFC 5019, 2.1.1).
    pub(crate) fn new(issuer: &Authority, serial: &SerialNumber, nonce: [u8; 16]) -> der::Result<Self> {
        let name = AnyRef::new(Tag::Sequence, &issuer.subject)?.to_der()?;
        let (_, key) = key_parts(&issuer.key)?;
        let certificate = CertId {
            hash_algorithm: AlgorithmIdentifierOwned {
                oid: ID_SHA_1,
                parameters: Some(der::Any::null()),
            },
            issuer_name_hash: OctetString::new(Sha1::digest(&name).to_vec())?,
            issuer_key_hash: OctetString::new(Sha1::digest(key).to_vec())?,
            serial_number: serial.clone(),
        };
        Ok(Self { certificate, nonce })
    }

    /// The request in DER.
    pub(crate) fn to_der(&self) -> der::Result<Vec<u8>> {
        // The extension's value is an OCTET STRING of its own, within the one that every extension's value is.
        let nonce = OctetString::new(self.nonce.as_slice())?.to_der()?;
        OcspRequest {
            tbs_request: TbsRequest {
                version: Version::V1,
                requestor_name: None,
                request_list: vec![Request {
                    req_cert: self.certificate.clone(),
                    single_request_extensions: None,
                }],
                request_extensions: Some(vec![Extension {
                    extn_id: ID_PKIX_OCSP_NONCE,
                    critical: false,
                    extn_value: OctetString::new(nonce)?,
                }]),
            },
            optional_signature: None,
        }
        .to_der()
    }
}
