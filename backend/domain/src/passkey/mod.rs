//! Passkeys (WebAuthn): keys that stay in a person's device and sign a challenge of the portal's, after the device asked for
//! a finger, a face or a code. The ceremonies' own rules are `webauthn_rp`'s; what Portique demands of them is here.
//!
//! - The site that keys are made for comes from the portal's configuration, never from a request.
//! - The device must have verified its person, each time: possession and that verification are two factors.
//! - A key can be found without an identifier (it is discoverable); who made the device is not asked (no attestation).
//! - A challenge is written down by the server, for one purpose and one holder, and taken away by its first use.

mod assertion;
mod enrolment;
mod site;

use core::convert::Infallible;
use core::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::PublicKeyCredentialDescriptor;
use webauthn_rp::request::register::UserHandle64;
use webauthn_rp::response::{AuthTransports, CredentialId};

pub use self::assertion::{Assertion, begin_second_step, begin_sign_in};
pub use self::enrolment::{Enrolment, Holder, begin_enrolment};
pub use self::site::PasskeySite;
use crate::account::AccountId;
use crate::audit::AuditResult;
use crate::authenticator::{Authenticator, Means};
use crate::portal::PortalName;
use crate::session::TokenHash;

/// How long a challenge can be answered: somebody looks for a security key in their bag.
pub const CHALLENGE_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// The same in milliseconds, for the browser's dialog.
const TIMEOUT: NonZeroU32 = NonZeroU32::new(5 * 60 * 1000).expect("not zero");

/// A device's key, as kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Passkey {
    /// Names the key among all; chosen by the device, at most 1023 bytes. Kept beside the rest.
    #[serde(skip)]
    pub credential: Vec<u8>,
    /// Ways to reach the device, as bits: told to browsers, which then ask the right one.
    transports: u8,
    /// The public key and what the device said of itself when it made it.
    #[serde(with = "base64_text")]
    fixed: Vec<u8>,
    /// What changes at each use: the counter, and whether the key is copied to other devices.
    moving: [u8; 7],
}

/// What a ceremony begins with.
#[derive(Debug)]
pub struct Begun {
    /// For the browser: `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub options: serde_json::Value,
    pub challenge: ChallengeName,
    /// What the answer is judged by; to be kept by the server.
    pub state: Vec<u8>,
}

/// A challenge as its browser sends it back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChallengeName(u128);

/// A challenge that waits for its answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PasskeyChallenge {
    /// [`ChallengeName::key`] of it.
    pub key: [u8; 32],
    pub purpose: Purpose,
    /// Hash of the session's or the waiting sign-in's token: nobody else can answer. `None` where nobody is known yet.
    pub holder: Option<TokenHash>,
    pub state: Vec<u8>,
    pub expires_at: Timestamp,
}

/// What a challenge was given out for; it is good for nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    Enrolment,
    SecondStep,
    SignIn,
}

impl ChallengeName {
    /// Under what it is written down: nothing given out on one portal is good on another.
    pub fn key(self, portal: &PortalName) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(portal.as_str().as_bytes());
        hash.update([0]);
        hash.update(self.0.to_le_bytes());
        hash.finalize().into()
    }
}

impl PasskeyChallenge {
    pub fn new(
        begun: Begun,
        portal: &PortalName,
        purpose: Purpose,
        holder: Option<TokenHash>,
        now: Timestamp,
    ) -> (Self, serde_json::Value) {
        let challenge = Self {
            key: begun.challenge.key(portal),
            purpose,
            holder,
            state: begun.state,
            expires_at: now + CHALLENGE_LIFETIME,
        };
        (challenge, begun.options)
    }

    /// Whether it was given out for `purpose` to `holder`, and its time is not over.
    pub fn is_for(&self, purpose: Purpose, holder: Option<TokenHash>, now: Timestamp) -> bool {
        self.purpose == purpose && self.holder == holder && now < self.expires_at
    }
}

/// Why an answer is refused. People are told little of it; the audit trail has the word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    #[error("not the answer of a browser")]
    Unreadable,
    #[error("the challenge is not one that waits")]
    Challenge,
    #[error("the challenge's time is over")]
    TooLate,
    #[error("signed on another page")]
    Origin,
    #[error("signed for another site")]
    Site,
    #[error("the device did not verify its person")]
    NotVerified,
    #[error("the key is none that was asked for")]
    UnknownKey,
    #[error("the signature is wrong")]
    Signature,
    /// The device signed fewer times than it did before: there are two of it.
    #[error("the counter went back")]
    CounterWentBack,
    #[error("the key is not of a kind that is taken")]
    Unsuitable,
}

impl Refusal {
    /// As the audit trail has it.
    pub const fn audited(self) -> AuditResult {
        match self {
            Self::Challenge | Self::TooLate => AuditResult::ChallengeSpent,
            Self::NotVerified => AuditResult::PersonNotVerified,
            Self::UnknownKey => AuditResult::UnknownPasskey,
            Self::CounterWentBack => AuditResult::CounterWentBack,
            Self::Unreadable | Self::Origin | Self::Site | Self::Signature | Self::Unsuitable => {
                AuditResult::PasskeyRefused
            }
        }
    }
}

impl Passkey {
    /// The passkey that an authenticator is, if it is one that this version can read.
    pub fn of(authenticator: &Authenticator) -> Option<Self> {
        let Means::Passkey { credential, state } = &authenticator.means else {
            return None;
        };
        let kept: Self = serde_json::from_slice(state).ok()?;
        Some(Self {
            credential: credential.clone(),
            ..kept
        })
    }

    /// As an authenticator keeps it.
    pub fn means(&self) -> Means {
        Means::Passkey {
            credential: self.credential.clone(),
            state: serde_json::to_vec(self).expect("numbers and texts always serialise"),
        }
    }

    /// Whether the key is copied to the person's other devices by whoever makes them.
    pub fn is_synchronised(&self) -> bool {
        // As `DynamicState` is written: 0 can't be copied, 1 can be, 2 is.
        self.moving[1] == 2
    }

    /// How often the device says that it signed; many always say 0.
    pub fn counter(&self) -> u32 {
        let [_, _, a, b, c, d, _] = self.moving;
        u32::from_le_bytes([a, b, c, d])
    }

    fn descriptor(&self) -> Option<PublicKeyCredentialDescriptor<Vec<u8>>> {
        Some(PublicKeyCredentialDescriptor {
            id: CredentialId::<Vec<u8>>::decode(self.credential.clone()).ok()?,
            transports: AuthTransports::decode(self.transports).ok()?,
        })
    }
}

/// What devices know a person by: the same for each of their keys, so that a device keeps one a person; drawn from the
/// account's random name, of which nothing can be read back, and never from the identifier.
fn handle(account: AccountId) -> UserHandle64 {
    let mut hash = Sha512::new();
    hash.update(b"portique passkeys\0");
    hash.update(account.0.as_bytes());
    let Ok(handle) = UserHandle64::decode(hash.finalize().into());
    handle
}

/// As the crate writes what never fails to be written.
fn encoded<E: Encode<Err = Infallible>>(value: &E) -> E::Output<'_> {
    let Ok(bytes) = value.encode();
    bytes
}

/// Bytes as base64url in JSON.
mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
