//! Time comes in through a port, so that every expiry is tested without waiting for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time, in UTC.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A clock that one can turn: another clock, and an offset. The demo and the tests run on it.
pub struct TurnableClock {
    base: Arc<dyn Clock>,
    offset_seconds: AtomicI64,
}

impl TurnableClock {
    pub fn new(base: Arc<dyn Clock>) -> Self {
        Self {
            base,
            offset_seconds: AtomicI64::new(0),
        }
    }

    /// Turns the clock forward by `seconds`. It never turns back: what has expired stays so.
    pub fn advance(&self, seconds: u32) {
        self.offset_seconds
            .fetch_add(i64::from(seconds), Ordering::SeqCst);
    }
}

impl Clock for TurnableClock {
    fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_secs(self.offset_seconds.load(Ordering::SeqCst));
        // Only a clock turned by millennia leaves the calendar; the base is then as good as any time.
        self.base
            .now()
            .checked_add(offset)
            .unwrap_or_else(|_| self.base.now())
    }
}

/// A clock that stands still where it is set.
#[cfg(any(test, feature = "test-support"))]
#[derive(Clone, Copy)]
pub struct FixedClock(pub Timestamp);

#[cfg(any(test, feature = "test-support"))]
impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
