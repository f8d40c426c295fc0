//! Signatures over certificates, lists and answers, and the keys that make them.

use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1};
use const_oid::db::rfc8410::ID_ED_25519;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};
use pki_types::SignatureVerificationAlgorithm;
use webpki::ring;

/// What a chain, a list or an answer may be signed with. No SHA-1, no MD5; RSA of 2048 bits at least.
pub(crate) static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
];

/// Why a signature counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureFault {
    #[error("it is signed with an algorithm that is not taken (SHA-1, MD5 …)")]
    Weak,
    #[error("its signature is not that authority's")]
    Wrong,
}

/// The three parts that certificates, lists of revoked ones and OCSP's answers all have, uncopied.
pub(crate) struct Signed<'a> {
    /// What is signed, with its tag and length.
    pub(crate) content: &'a [u8],
    /// The algorithm's identifier without its tag and length, as `pki_types` has them.
    pub(crate) algorithm: &'a [u8],
    signature: &'a [u8],
    /// What stands behind the signature; nothing but in an OCSP answer.
    pub(crate) rest: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Takes apart `SEQUENCE { content, algorithm, signature, rest … }`; bytes behind it are refused.
    pub(crate) fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut outer = SliceReader::new(sole_value(der, Tag::Sequence)?)?;
        let content = outer.tlv_bytes()?;
        let algorithm = value(&mut outer, Tag::Sequence)?;
        let signature = whole_octets(BitStringRef::decode(&mut outer)?)?;
        let rest = outer.read_slice(outer.remaining_len())?;
        Ok(Self {
            content,
            algorithm,
            signature,
            rest,
        })
    }

    /// Whether its algorithm is one that is taken at all.
    pub(crate) fn is_strong(&self) -> bool {
        ALGORITHMS
            .iter()
            .any(|algorithm| algorithm.signature_alg_id().as_ref() == self.algorithm)
    }

    /// Verifies the signature with a public key, given as `SubjectPublicKeyInfo` without its own tag and length.
    pub(crate) fn verify(&self, key: &[u8]) -> Result<(), SignatureFault> {
        if !self.is_strong() {
            return Err(SignatureFault::Weak);
        }
        let (key_algorithm, key) = key_parts(key).map_err(|_| SignatureFault::Wrong)?;
        ALGORITHMS
            .iter()
            .filter(|algorithm| {
                algorithm.signature_alg_id().as_ref() == self.algorithm
                    && algorithm.public_key_alg_id().as_ref() == key_algorithm
            })
            .any(|algorithm| {
                algorithm
                    .verify_signature(key, self.content, self.signature)
                    .is_ok()
            })
            .then_some(())
            .ok_or(SignatureFault::Wrong)
    }
}

/// The value of the next element, which must bear that tag.
pub(crate) fn value<'a>(reader: &mut SliceReader<'a>, tag: Tag) -> der::Result<&'a [u8]> {
    let element = AnyRef::decode(reader)?;
    element.tag().assert_eq(tag)?;
    Ok(element.value())
}

/// The value of an element that stands alone in these bytes.
pub(crate) fn sole_value(der: &[u8], tag: Tag) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    let inner = value(&mut reader, tag)?;
    reader.finish(inner)
}

fn whole_octets(bits: BitStringRef<'_>) -> der::Result<&[u8]> {
    bits.as_bytes().ok_or_else(|| Tag::BitString.value_error())
}

/// Algorithm (without tag and length) and bits of a public key, given as `SubjectPublicKeyInfo` without its own tag and length.
pub(crate) fn key_parts(key: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(key)?;
    let algorithm = value(&mut reader, Tag::Sequence)?;
    let bits = whole_octets(BitStringRef::decode(&mut reader)?)?;
    reader.finish((algorithm, bits))
}

/// The `SubjectPublicKeyInfo`, without tag and length, of what a certificate signs; read in place, as it was signed.
pub(crate) fn key_of(content: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(sole_value(content, Tag::Sequence)?)?;
    // Version and serial number, then algorithm, issuer, validity, subject: four sequences before the key's.
    let mut sequences = 0;
    loop {
        if reader.peek_tag()? == Tag::Sequence {
            sequences += 1;
            if sequences == 5 {
                return value(&mut reader, Tag::Sequence);
            }
        }
        reader.tlv_bytes()?;
    }
}

/// Whether a key is one that this time takes for safe: RSA from 2048 to 8192 bits with an exponent of 65537 at least, the curves
/// P-256 and P-384, Ed25519. `key` as in [`key_parts`].
pub(crate) fn is_strong_key(key: &[u8]) -> bool {
    let Ok((algorithm, bits)) = key_parts(key) else {
        return false;
    };
    let Ok(mut algorithm) = SliceReader::new(algorithm) else {
        return false;
    };
    match ObjectIdentifier::decode(&mut algorithm) {
        Ok(RSA_ENCRYPTION) => is_strong_rsa(bits).unwrap_or(false),
        Ok(ID_EC_PUBLIC_KEY) => matches!(
            ObjectIdentifier::decode(&mut algorithm),
            Ok(SECP_256_R_1 | SECP_384_R_1)
        ),
        Ok(ID_ED_25519) => bits.len() == 32,
        _ => false,
    }
}

fn is_strong_rsa(key: &[u8]) -> der::Result<bool> {
    let mut reader = SliceReader::new(sole_value(key, Tag::Sequence)?)?;
    let modulus = UintRef::decode(&mut reader)?.as_bytes();
    let exponent = UintRef::decode(&mut reader)?.as_bytes();
    reader.finish(())?;
    let unused = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    let length = modulus.len() * 8 - unused;
    // 65537 has three bytes; an even exponent is none.
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    Ok((2048..=8192).contains(&length) && exponent.len() >= 3 && is_odd(exponent) && is_odd(modulus))
}
