//! A card as a file: key and certificates under a password, which browsers and systems import.
//!
//! Triple DES and SHA-1, because every system imports them: macOS's keychain refuses what is better. The keys open nothing.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::encrypted_data::EncryptedData;
use cms::enveloped_data::EncryptedContentInfo;
use der::asn1::{Any, BmpString, Null, SetOfVec};
use der::oid::ObjectIdentifier;
use der::oid::db::{rfc5911, rfc5912};
use pkcs12::cert_type::CertBag;
use pkcs12::digest_info::DigestInfo;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use pkcs12::pbe_params::{EncryptedPrivateKeyInfo, Pkcs12PbeParams};
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use pkcs12_hmac::{Hmac, Mac};
use rsa_sha1::Sha1;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::asn1::{encode, octets};
use crate::authority::Issued;
use crate::key::Hash;

const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");
/// What `openssl` asks for: the password is no secret, and more would only be waited for.
const ITERATIONS: i32 = 2048;

/// The DER of a `.p12` with the key, the certificate and its issuers but for the root. `name` is what the system lists it
/// under; name and password in Unicode's first plane.
///
/// The salts come from the certificate, so that the same card is the same file.
pub fn p12(card: &Issued, name: &str, password: &str) -> Vec<u8> {
    let lock = Lock {
        password,
        seed: &card.certificate,
    };
    let mut certificates: Vec<SafeBag> = card.chain().iter().map(|der| certificate(der, None)).collect();
    certificates[0].bag_attributes = Some(named(card, name));
    let key = EncryptedPrivateKeyInfo {
        encryption_algorithm: lock.algorithm("key"),
        encrypted_data: octets(lock.encrypt("key", &card.key.to_pkcs8())),
    };
    let key = SafeBag {
        bag_id: pkcs12::PKCS_12_PKCS8_KEY_BAG_OID,
        bag_value: encode(&key),
        bag_attributes: Some(named(card, name)),
    };
    let content = encode(&vec![
        lock.encrypted(&encode(&certificates)),
        data(&encode(&vec![key])),
    ]);
    encode(&Pfx {
        version: Version::V3,
        mac_data: Some(lock.mac(&content)),
        auth_safe: data(&content),
    })
}

fn certificate(der: &[u8], bag_attributes: Option<Attributes>) -> SafeBag {
    let bag = CertBag {
        cert_id: pkcs12::PKCS_12_X509_CERT_OID,
        cert_value: octets(der.to_vec()),
    };
    SafeBag {
        bag_id: pkcs12::PKCS_12_CERT_BAG_OID,
        bag_value: encode(&bag),
        bag_attributes,
    }
}

/// The name to list it under, and what tells which certificate is the key's.
fn named(card: &Issued, name: &str) -> Attributes {
    let friendly = BmpString::from_utf8(name).expect("names are in Unicode's first plane");
    let attributes = [
        (FRIENDLY_NAME, wrapped(&friendly)),
        (
            LOCAL_KEY_ID,
            wrapped(&octets(Hash::Sha1.digest(&[&card.certificate]))),
        ),
    ]
    .map(|(oid, value)| {
        let values = SetOfVec::try_from([value]).expect("one value needs no order");
        Attribute { oid, values }
    });
    SetOfVec::try_from(attributes).expect("the two attributes differ")
}

fn data(bytes: &[u8]) -> ContentInfo {
    ContentInfo {
        content_type: rfc5911::ID_DATA,
        content: wrapped(&octets(bytes.to_vec())),
    }
}

fn wrapped(value: &(impl der::EncodeValue + der::Tagged)) -> Any {
    Any::encode_from(value).expect("nothing here is longer than 256 MiB")
}

/// What a password derives. Each purpose has a salt of its own.
struct Lock<'a> {
    password: &'a str,
    seed: &'a [u8],
}

impl Lock<'_> {
    fn salt(&self, purpose: &str) -> Vec<u8> {
        Hash::Sha256.digest(&[purpose.as_bytes(), self.seed])[..8].to_vec()
    }

    fn derived(&self, purpose: &str, kind: Pkcs12KeyType, length: usize) -> Vec<u8> {
        derive_key_utf8::<Sha1>(self.password, &self.salt(purpose), kind, ITERATIONS, length)
            .expect("passwords are in Unicode's first plane")
    }

    fn algorithm(&self, purpose: &str) -> AlgorithmIdentifierOwned {
        let parameters = Pkcs12PbeParams {
            salt: octets(self.salt(purpose)),
            iterations: ITERATIONS,
        };
        AlgorithmIdentifierOwned {
            oid: pkcs12::PKCS_12_PBE_WITH_SHAAND3_KEY_TRIPLE_DES_CBC,
            parameters: Some(wrapped(&parameters)),
        }
    }

    fn encrypt(&self, purpose: &str, plain: &[u8]) -> Vec<u8> {
        let key = self.derived(purpose, Pkcs12KeyType::EncryptionKey, 24);
        let start = self.derived(purpose, Pkcs12KeyType::Iv, 8);
        cbc::Encryptor::<des::TdesEde3>::new_from_slices(&key, &start)
            .expect("they were derived with the cipher's lengths")
            .encrypt_padded_vec_mut::<Pkcs7>(plain)
    }

    fn encrypted(&self, plain: &[u8]) -> ContentInfo {
        let purpose = "certificates";
        let content = EncryptedData {
            version: CmsVersion::V0,
            enc_content_info: EncryptedContentInfo {
                content_type: rfc5911::ID_DATA,
                content_enc_alg: self.algorithm(purpose),
                encrypted_content: Some(octets(self.encrypt(purpose, plain))),
            },
            unprotected_attrs: None,
        };
        ContentInfo {
            content_type: rfc5911::ID_ENCRYPTED_DATA,
            content: wrapped(&content),
        }
    }

    fn mac(&self, content: &[u8]) -> MacData {
        let key = self.derived("mac", Pkcs12KeyType::Mac, 20);
        let mut mac = Hmac::<Sha1>::new_from_slice(&key).expect("HMAC takes keys of any length");
        mac.update(content);
        let algorithm = AlgorithmIdentifierOwned {
            oid: rfc5912::ID_SHA_1,
            parameters: Some(wrapped(&Null)),
        };
        MacData {
            mac: DigestInfo {
                algorithm,
                digest: octets(mac.finalize().into_bytes().to_vec()),
            },
            mac_salt: octets(self.salt("mac")),
            iterations: ITERATIONS,
        }
    }
}
