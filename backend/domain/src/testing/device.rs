use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A device with one passkey (ES256), and the browser around it: answers what a portal asks, or not quite.
pub struct Device {
    key: SigningKey,
    credential: Vec<u8>,
    /// Of the person that it made its key for.
    handle: Option<String>,
    /// How often it signed.
    pub counter: u32,
    /// Whether it asks its person for a finger or a code.
    pub verifies: bool,
    /// Signs for this site in the place of the one that asks.
    pub site: Option<String>,
    /// Signs this challenge in the place of the one given.
    pub challenge: Option<String>,
    /// Spoils its signatures.
    pub flips: bool,
    /// Tells this person's handle in the place of its own.
    pub poses_as: Option<String>,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

impl Device {
    /// Each number is another device with another key.
    pub fn new(number: u8) -> Self {
        let mut secret = [number; 32];
        secret[0] = 1;
        Self {
            key: SigningKey::from_bytes(&secret.into()).expect("a number below the curve's order"),
            credential: Sha256::digest([number]).to_vec(),
            handle: None,
            counter: 0,
            verifies: true,
            site: None,
            challenge: None,
            flips: false,
            poses_as: None,
        }
    }

    /// `navigator.credentials.create()` on a page of `origin`, with `toJSON()` of what it gives.
    pub fn create(&mut self, origin: &str, options: &Value) -> Value {
        self.handle = options["user"]["id"].as_str().map(str::to_owned);
        let site = options["rp"]["id"].as_str().unwrap_or_default();
        let mut data = self.authenticator_data(site, WITH_KEY);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.credential.len())
                .unwrap_or_default()
                .to_be_bytes(),
        );
        data.extend(&self.credential);
        data.extend(self.cose_key());
        let length = u8::try_from(data.len()).expect("less than 256 bytes");
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(length);
        attestation.extend(data);
        let client_data = self.client_data("webauthn.create", origin, options);
        self.credential_json(&json!({
            "clientDataJSON": text(client_data.as_bytes()),
            "attestationObject": text(&attestation),
            "transports": ["internal", "hybrid"],
        }))
    }

    /// `navigator.credentials.get()` on a page of `origin`, with `toJSON()` of what it gives.
    pub fn get(&mut self, origin: &str, options: &Value) -> Value {
        self.counter += 1;
        let site = options["rpId"].as_str().unwrap_or_default();
        let data = self.authenticator_data(site, 0);
        let client_data = self.client_data("webauthn.get", origin, options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client_data.as_bytes()));
        if self.flips {
            signed[0] ^= 1;
        }
        let signature: Signature = self.key.sign(&signed);
        self.credential_json(&json!({
            "clientDataJSON": text(client_data.as_bytes()),
            "authenticatorData": text(&data),
            "signature": text(signature.to_der().as_bytes()),
            "userHandle": self.poses_as.as_ref().or(self.handle.as_ref()),
        }))
    }

    fn credential_json(&self, response: &Value) -> Value {
        json!({
            "id": text(&self.credential),
            "rawId": text(&self.credential),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        })
    }

    fn authenticator_data(&self, site: &str, flags: u8) -> Vec<u8> {
        let site = self.site.as_deref().unwrap_or(site);
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, origin: &str, options: &Value) -> String {
        let given = options["challenge"].as_str().unwrap_or_default();
        let challenge = self.challenge.as_deref().unwrap_or(given);
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false }).to_string()
    }

    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_encoded_point(false);
        // EC2, ES256, P-256, then the two coordinates.
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend_from_slice(&point.as_bytes()[1..33]);
        key.extend_from_slice(b"\x22\x58\x20");
        key.extend_from_slice(&point.as_bytes()[33..]);
        key
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
