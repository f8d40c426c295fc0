//! The proof of work: the browser computes for a moment what the server checks at once. ALTCHA's protocol, version 2,
//! by its own crate.
//!
//! The crate's `create_challenge` takes its randomness from the system, and its `verify_solution` the time; here both
//! come in as arguments. So the parameters are made here and signed by its `sign_challenge`, the expiry is judged
//! here, and keys are derived by its solver, told to be content with the first one (see [`derive`]).
//!
//! The counter to find is chosen here, below a bound, and the challenge tells the first half of its key (the
//! protocol's deterministic mode). The time to find it is then spread evenly between nothing and twice the average; a
//! prefix of zeros would now and then keep somebody waiting for five times as long.

use core::fmt;

use altcha::{Challenge, ChallengeParameters, HmacAlgorithm, Payload, SolveChallengeOptions};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use portique_shared::api::captcha::{ProofChallenge, ProofParameters};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::LIFETIME;
use crate::entropy::{Entropy, random_bytes};
use crate::keyring::Keyring;
use crate::portal::PortalName;

/// What the secrets are derived for, with the portal's name: what a quiet portal gives out cheaply is worth nothing on one
/// under pressure.
const PURPOSE: &str = "captcha:proof:";

/// Browsers derive it natively for ALTCHA's own clients, whose loops over plain SHA-256 would cost them a promise a hash.
const ALGORITHM: &str = "PBKDF2/SHA-256";

/// Rounds for one key. A check costs the server these (some 0.05 ms), and the client must be able to stop between two
/// keys: on a processor of a tenth of a laptop's speed one is still below 2 ms.
const ROUNDS: u32 = 256;

/// Hashes for one round of PBKDF2: the inner and the outer one of an HMAC, its padding done once a key.
const HASHES_A_ROUND: u64 = 2;

/// Bytes of a key, and how many of them the challenge tells: half, as the protocol's own implementations do. No other
/// counter's key begins like that but by a chance of 1 in 2^128.
const KEY_BYTES: u32 = 32;
const PREFIX_DIGITS: usize = 32;

/// Longest payload read, in bytes: ALTCHA's clients send about 600.
const MAX_PAYLOAD: usize = 2048;

/// Names a challenge, so that its solution is taken once.
pub type ProofId = [u8; 32];

/// Signs a portal's challenges: one secret for each key of the ring, the newest first. The newest signs, all are recognised.
#[derive(Clone)]
pub struct ProofSecret(Vec<String>);

impl ProofSecret {
    pub fn of(keyring: &Keyring, portal: &PortalName) -> Self {
        let purpose = [PURPOSE, portal.as_str()].concat();
        // In hexadecimal, since the crate takes its secret as a text.
        Self(keyring.derive_each(&purpose).map(hex::encode).collect())
    }
}

impl fmt::Debug for ProofSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProofSecret(…)")
    }
}

/// How much work a proof takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difficulty {
    /// How many times the least work was doubled.
    doublings: u32,
}

impl Difficulty {
    /// At rest: half a second on average on a laptop, in WebAssembly (4 to 6 million hashes a second).
    pub const LEAST: Self = Self { doublings: 0 };

    /// 8 times as much: on a phone of a tenth of a laptop's speed still done within a challenge's lifetime.
    pub const MOST: Self = Self { doublings: 3 };

    /// The counter to find is below it, at rest.
    const LEAST_BOUND: u32 = 8192;

    /// Challenges a minute from which on the work doubles. A portal's own people stay far below; who asks for more
    /// pays for it, and for a while so do those who come at the same time.
    const AT_REST: u32 = 60;

    /// What to ask for after so many challenges in one minute: it doubles with each doubling of them.
    pub fn under(issued_this_minute: u32) -> Self {
        let doublings = match issued_this_minute / Self::AT_REST {
            0 => 0,
            times => times.ilog2() + 1,
        };
        Self { doublings }.min(Self::MOST)
    }

    /// Hashes (SHA-256's compressions) until the counter is found, on average.
    pub fn expected_hashes(self) -> u64 {
        u64::from(self.bound()) / 2 * u64::from(ROUNDS) * HASHES_A_ROUND
    }

    /// The counter to find is below it: a power of two.
    fn bound(self) -> u32 {
        Self::LEAST_BOUND << self.doublings
    }
}

/// Why a solution was refused. A person who did nothing wrong sees at most [`ProofRefused::Expired`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefused {
    #[error("the challenge is more than two minutes old")]
    Expired,
    #[error("the challenge was not issued here, or was altered")]
    Forged,
    #[error("the solution does not solve its challenge")]
    Wrong,
    #[error("the payload is not what ALTCHA's clients send")]
    Malformed,
}

/// A new challenge, good until [`LIFETIME`] from `now`. Nothing of it is kept: its signature tells it again.
///
/// Costs the derivation of one key.
pub fn issue(
    secret: &ProofSecret,
    difficulty: Difficulty,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> ProofChallenge {
    let mut parameters = ChallengeParameters {
        algorithm: ALGORITHM.to_owned(),
        cost: ROUNDS,
        data: None,
        expires_at: Some((now + LIFETIME).as_second()),
        key_length: KEY_BYTES as usize,
        key_prefix: String::new(),
        key_signature: None,
        memory_cost: None,
        nonce: hex::encode(random_bytes::<16>(entropy)),
        parallelism: None,
        salt: hex::encode(random_bytes::<16>(entropy)),
    };
    // The bound is a power of two, so that the mask favours no counter.
    let counter = u32::from_be_bytes(random_bytes(entropy)) & (difficulty.bound() - 1);
    parameters.key_prefix = derive(&parameters, counter);
    parameters.key_prefix.truncate(PREFIX_DIGITS);
    let signature = sign(&parameters, &secret.0[0]).expect("parameters of texts and numbers serialise");
    ProofChallenge {
        parameters: ProofParameters {
            algorithm: parameters.algorithm,
            cost: parameters.cost,
            expires_at: parameters.expires_at.unwrap_or_default(),
            key_length: KEY_BYTES,
            key_prefix: parameters.key_prefix,
            nonce: parameters.nonce,
            salt: parameters.salt,
        },
        signature,
    }
}

/// Judges what a client sends: the challenge and its solution, JSON in base64. The caller notes the answer as used, and
/// refuses it the second time, at least until the challenge's time is over.
///
/// Costs two hashes a key of the ring, and the derivation of one key for a challenge that was issued here.
pub fn check(secret: &ProofSecret, payload: &str, now: Timestamp) -> Result<ProofId, ProofRefused> {
    if payload.len() > MAX_PAYLOAD {
        return Err(ProofRefused::Malformed);
    }
    let json = STANDARD.decode(payload).map_err(|_| ProofRefused::Malformed)?;
    let Payload { challenge, solution } =
        serde_json::from_slice(&json).map_err(|_| ProofRefused::Malformed)?;
    // First of all, since only what was issued here is known to be cheap to derive.
    if !is_ours(secret, &challenge) {
        return Err(ProofRefused::Forged);
    }
    let expires_at = challenge.parameters.expires_at.ok_or(ProofRefused::Forged)?;
    if now.as_second() >= expires_at {
        return Err(ProofRefused::Expired);
    }
    let key = derive(&challenge.parameters, solution.counter);
    if !key.starts_with(&challenge.parameters.key_prefix) || !equal(&key, &solution.derived_key) {
        return Err(ProofRefused::Wrong);
    }
    // Not the parameters as they were sent: JSON says the same thing in many ways, and the signature in one.
    Ok(Sha256::digest(challenge.signature.unwrap_or_default()).into())
}

/// Whether one of the ring's keys signed the challenge.
fn is_ours(secret: &ProofSecret, challenge: &Challenge) -> bool {
    let Some(given) = &challenge.signature else {
        return false;
    };
    secret
        .0
        .iter()
        .any(|secret| sign(&challenge.parameters, secret).is_some_and(|signature| equal(&signature, given)))
}

/// The parameters' signature, in hexadecimal; `None` for some that do not serialise.
fn sign(parameters: &ChallengeParameters, secret: &str) -> Option<String> {
    let mut parameters = parameters.clone();
    altcha::sign_challenge(&HmacAlgorithm::Sha256, &mut parameters, None, secret, None)
        .ok()?
        .signature
}

/// The key of one counter, in hexadecimal: every key begins with an empty prefix, so that the crate's solver stops at
/// the counter that it begins with.
fn derive(parameters: &ChallengeParameters, counter: u32) -> String {
    let challenge = Challenge {
        parameters: ChallengeParameters {
            key_prefix: String::new(),
            ..parameters.clone()
        },
        signature: None,
    };
    let options = SolveChallengeOptions {
        counter_start: counter,
        timeout_ms: 0,
        ..SolveChallengeOptions::new(&challenge)
    };
    altcha::solve_challenge(options)
        .ok()
        .flatten()
        .expect("parameters made here are good, and the first key is taken")
        .derived_key
}

fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests;
