//! The system's clock and randomness.

use jiff::Timestamp;
use portique_domain::clock::Clock;
use portique_domain::entropy::Entropy;

/// The machine's clock, in UTC.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for the time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's generator.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for randomness"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // A guessable token is worse than no server.
            tracing::error!(%error, "the system gives no randomness");
            std::process::abort();
        }
    }
}
