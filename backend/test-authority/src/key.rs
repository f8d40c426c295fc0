//! Keys of authorities and cards: of the kinds that IGC-Santé has, and of kinds that must be refused.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use der::asn1::{Any, BitString};
use der::oid::{ObjectIdentifier, db::rfc5912};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::sha2::digest::DynDigest;
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use rsa_sha1::Sha1;
use x509_cert::der::Decode;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::asn1::pem;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Quick to make: for whatever the key's kind does not matter to.
    P256,
    /// What cards have.
    Rsa2048,
    /// Too short to be believed.
    Rsa1024,
}

/// `ecdsa-with-SHA1`, too old for the tables of identifiers.
const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// What a signature is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn hasher(self) -> Box<dyn DynDigest> {
        match self {
            Self::Sha1 => Box::new(Sha1::new()),
            Self::Sha256 => Box::new(Sha256::new()),
            Self::Sha384 => Box::new(Sha384::new()),
            Self::Sha512 => Box::new(Sha512::new()),
        }
    }

    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let mut hasher = self.hasher();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().into_vec()
    }
}

/// A private key. Copies share it.
#[derive(Clone)]
pub enum Key {
    P256(Arc<p256::SecretKey>),
    Rsa(Arc<RsaPrivateKey>),
}

static MADE: LazyLock<Mutex<HashMap<(String, KeyKind), Key>>> = LazyLock::new(Mutex::default);

impl Key {
    /// The key of that label: the same in every process, and nobody's secret. Made once a process.
    pub fn of(label: &str, kind: KeyKind) -> Self {
        let wanted = (label.to_owned(), kind);
        let made = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = made().get(&wanted) {
            return key.clone();
        }
        let key = Self::from_seed(Sha256::digest(format!("test key of {label}")).into(), kind);
        made().insert(wanted, key.clone());
        key
    }

    /// The key that 32 bytes stand for; a secret where they are.
    pub fn from_seed(seed: [u8; 32], kind: KeyKind) -> Self {
        let mut random = ChaCha20Rng::from_seed(seed);
        let rsa = |random: &mut ChaCha20Rng, bits| {
            let key = RsaPrivateKey::new(random, bits).expect("the sizes are those that RSA can have");
            Self::Rsa(Arc::new(key))
        };
        match kind {
            KeyKind::P256 => Self::P256(Arc::new(p256::SecretKey::random(&mut random))),
            KeyKind::Rsa2048 => rsa(&mut random, 2048),
            KeyKind::Rsa1024 => rsa(&mut random, 1024),
        }
    }

    /// Reads what [`Key::to_pkcs8`] wrote; `None` where it is no such key.
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        if let Ok(key) = p256::SecretKey::from_pkcs8_der(der) {
            return Some(Self::P256(Arc::new(key)));
        }
        RsaPrivateKey::from_pkcs8_der(der)
            .ok()
            .map(|key| Self::Rsa(Arc::new(key)))
    }

    pub fn to_pkcs8(&self) -> Vec<u8> {
        match self {
            Self::P256(key) => key.to_pkcs8_der(),
            Self::Rsa(key) => key.to_pkcs8_der(),
        }
        .expect("keys of these kinds have an encoding")
        .as_bytes()
        .to_vec()
    }

    pub fn to_pem(&self) -> String {
        pem("PRIVATE KEY", &self.to_pkcs8())
    }

    pub(crate) fn public(&self) -> SubjectPublicKeyInfoOwned {
        let document = match self {
            Self::P256(key) => key.public_key().to_public_key_der(),
            Self::Rsa(key) => key.to_public_key().to_public_key_der(),
        }
        .expect("keys of these kinds have an encoding");
        SubjectPublicKeyInfoOwned::from_der(document.as_bytes()).expect("it was encoded just now")
    }

    /// How extensions name the key: SHA-1 of its bits (RFC 5280, 4.2.1.2).
    pub(crate) fn identifier(&self) -> Vec<u8> {
        Sha1::digest(self.public().subject_public_key.raw_bytes()).to_vec()
    }

    pub(crate) fn algorithm(&self, hash: Hash) -> AlgorithmIdentifierOwned {
        let (oid, parameters): (ObjectIdentifier, _) = match (self, hash) {
            (Self::P256(_), Hash::Sha1) => (ECDSA_WITH_SHA_1, None),
            (Self::P256(_), Hash::Sha256) => (rfc5912::ECDSA_WITH_SHA_256, None),
            (Self::P256(_), Hash::Sha384) => (rfc5912::ECDSA_WITH_SHA_384, None),
            (Self::P256(_), Hash::Sha512) => (rfc5912::ECDSA_WITH_SHA_512, None),
            (Self::Rsa(_), Hash::Sha1) => (rfc5912::SHA_1_WITH_RSA_ENCRYPTION, Some(Any::null())),
            (Self::Rsa(_), Hash::Sha256) => (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(Any::null())),
            (Self::Rsa(_), Hash::Sha384) => (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, Some(Any::null())),
            (Self::Rsa(_), Hash::Sha512) => (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, Some(Any::null())),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }

    /// The signature of what has that digest.
    pub(crate) fn sign_digest(&self, hash: Hash, digest: &[u8]) -> BitString {
        let signature = match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from(key.as_ref())
                    .sign_prehash(digest)
                    .expect("every digest has the 128 bits that are asked for");
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rsa(key) => {
                let scheme = match hash {
                    Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
                    Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                };
                key.sign(scheme, digest)
                    .expect("the digest is the scheme's and fits in 1024 bits")
            }
        };
        BitString::from_bytes(&signature).expect("a signature has a few hundred bytes")
    }

    pub(crate) fn sign(&self, hash: Hash, message: &[u8]) -> BitString {
        self.sign_digest(hash, &hash.digest(&[message]))
    }
}
