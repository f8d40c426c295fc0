//! Randomness comes in through a port: the system's generator in service, a foreseeable one in tests.

use jiff::Timestamp;
use uuid::Uuid;

/// A cryptographically secure source of random bytes. An adapter that can't deliver must end the process:
/// a guessable token is worse than none.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub fn random_bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// A new identifier for a row (UUID version 7: its time first, so that indexes grow at their end).
pub fn new_id(entropy: &dyn Entropy, now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random_bytes::<10>(entropy)).into_uuid()
}

/// A number below `bound` (1 to 256), each as likely as the others.
///
/// Bytes past the last whole multiple of `bound` are thrown away: a plain remainder would favour the low ones.
pub fn below(entropy: &dyn Entropy, bound: u16) -> usize {
    let limit = 256 - 256 % bound;
    loop {
        let [byte] = random_bytes::<1>(entropy);
        if u16::from(byte) < limit {
            return usize::from(u16::from(byte) % bound);
        }
    }
}
