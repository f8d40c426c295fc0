//! Encryption at rest of what the database keeps and must read again: queued messages, and secrets of authenticators.
//! Other secrets of the installation are derived from the same keys, each for one purpose.

use core::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::entropy::{Entropy, random_bytes};

const NONCE_BYTES: usize = 24;

/// The keys, the newest first: it seals, all of them open. Putting a new one in front rotates; the last message and the last
/// application's secret sealed under an old one gone, the old one can go too.
#[derive(Clone)]
pub struct Keyring(Vec<Key>);

/// A key with its number, which every sealed text bears.
#[derive(Clone)]
pub struct Key {
    id: u8,
    bytes: [u8; 32],
}

impl Key {
    pub fn new(id: u8, bytes: [u8; 32]) -> Self {
        Self { id, bytes }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keyring(…)")
    }
}

/// A keyring needs at least one key, each with a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected at least one key, each with another id")]
pub struct UnusableKeyring;

/// Sealed under a key that is not in the ring, for another purpose, or altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed text can't be opened: its key is not configured any more, or it was altered")]
pub struct CannotOpen;

impl Keyring {
    pub fn new(keys: Vec<Key>) -> Result<Self, UnusableKeyring> {
        let ids: std::collections::BTreeSet<u8> = keys.iter().map(|key| key.id).collect();
        if keys.is_empty() || ids.len() != keys.len() {
            Err(UnusableKeyring)
        } else {
            Ok(Self(keys))
        }
    }

    /// Encrypts `text`, bound to `purpose` (a row's kind and id): it opens nowhere else.
    ///
    /// The shape: 1 byte of key id, 24 of nonce, then XChaCha20-Poly1305's ciphertext and tag.
    pub fn seal(&self, purpose: &str, text: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let key = &self.0[0];
        let nonce = random_bytes::<NONCE_BYTES>(entropy);
        let sealed = cipher(key)
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: text,
                    aad: purpose.as_bytes(),
                },
            )
            .expect("encryption fails only past 256 GiB");
        [&[key.id], nonce.as_slice(), &sealed].concat()
    }

    /// A secret of 32 bytes for `purpose` (HKDF with SHA-256) from every key of the ring, the newest first: what was made before a rotation is still known after it.
    pub fn derive_each(&self, purpose: &str) -> impl Iterator<Item = [u8; 32]> {
        self.0.iter().map(move |key| derive(key, purpose))
    }

    /// Decrypts what [`Keyring::seal`] made for the same `purpose`.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let (id, rest) = sealed.split_first().ok_or(CannotOpen)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(CannotOpen)?;
        let key = self.0.iter().find(|key| key.id == *id).ok_or(CannotOpen)?;
        cipher(key)
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: purpose.as_bytes(),
                },
            )
            .map_err(|_| CannotOpen)
    }
}

fn derive(key: &Key, purpose: &str) -> [u8; 32] {
    let mut secret = [0; 32];
    Hkdf::<Sha256>::new(None, &key.bytes)
        .expand(purpose.as_bytes(), &mut secret)
        .expect("expansion fails only past 255 blocks, and this is one");
    secret
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let ring = Keyring::new(vec![Key::new(1, [1; 32])]).unwrap();
        let sealed = ring.seal("outbox:1", b"secret", &SeededEntropy::new(1));
        assert_eq!(ring.open("outbox:1", &sealed).unwrap(), b"secret");
        assert_eq!(ring.open("outbox:2", &sealed), Err(CannotOpen));
    }

    #[test]
    fn after_a_rotation_old_texts_still_open_until_the_old_key_goes() {
        let old = Key::new(1, [1; 32]);
        let sealed = Keyring::new(vec![old.clone()])
            .unwrap()
            .seal("x", b"secret", &SeededEntropy::new(1));
        let rotated = Keyring::new(vec![Key::new(2, [2; 32]), old]).unwrap();
        assert_eq!(rotated.open("x", &sealed).unwrap(), b"secret");
        assert_eq!(
            Keyring::new(vec![Key::new(2, [2; 32])])
                .unwrap()
                .open("x", &sealed),
            Err(CannotOpen)
        );
    }

    #[test]
    fn an_altered_text_does_not_open() {
        let ring = Keyring::new(vec![Key::new(1, [1; 32])]).unwrap();
        let mut sealed = ring.seal("x", b"secret", &SeededEntropy::new(1));
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(ring.open("x", &sealed), Err(CannotOpen));
    }

    #[test]
    fn a_derived_secret_differs_by_purpose_and_by_key_and_is_never_the_key() {
        let ring = Keyring::new(vec![Key::new(2, [2; 32]), Key::new(1, [1; 32])]).unwrap();
        let each: Vec<_> = ring.derive_each("x").collect();
        let alone = Keyring::new(vec![Key::new(1, [1; 32])]).unwrap();
        assert_eq!(alone.derive_each("x").collect::<Vec<_>>(), each[1..]);
        assert_ne!(each[0], each[1]);
        assert_ne!(Some(each[0]), ring.derive_each("y").next());
        assert_ne!(each[0], [2; 32]);
    }

    #[test]
    fn a_ring_without_keys_or_with_two_of_one_number_is_refused() {
        assert!(Keyring::new(vec![]).is_err());
        assert!(Keyring::new(vec![Key::new(1, [1; 32]), Key::new(1, [2; 32])]).is_err());
    }
}
