//! Limits on wrong passwords and on whatever else can be asked for too often, kept in the database so that every server
//! counts alike.
//!
//! A try is counted before its password is verified, and taken back if it was right: fifty tries at one instant
//! are fifty tries. An identifier that nobody has is counted like any other, so that a limit tells nothing.

use core::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::folding::fold;
use crate::portal::PortalName;

mod limits;

pub use self::limits::{DAY, ThrottleKind};

const FIRST_DELAY: SignedDuration = SignedDuration::from_mins(1);
/// No delay. Not «until now»: a try that waited here for its turn, or comes from a server whose clock is a little
/// behind, asks with an earlier now and would be sent away.
pub const NO_DELAY: Timestamp = Timestamp::UNIX_EPOCH;

/// What wrong tries are counted by, as a hash: people type passwords into the identifier's field.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ThrottleKey {
    pub kind: ThrottleKind,
    pub hash: [u8; 32],
}

impl ThrottleKey {
    /// One text on one portal: what was typed, a mailbox, a link's hash; folded by the caller where that matters.
    pub fn text(kind: ThrottleKind, portal: &PortalName, text: &str) -> Self {
        Self {
            kind,
            hash: digest(&[portal.as_str(), text]),
        }
    }

    /// A whole portal.
    pub fn portal(kind: ThrottleKind, portal: &PortalName) -> Self {
        Self::text(kind, portal, "")
    }

    /// One client address on one portal, for one kind of limit.
    pub fn client(kind: ThrottleKind, portal: &PortalName, address: IpAddr) -> Self {
        Self {
            kind,
            ..Self::address(portal, address)
        }
    }

    /// One identifier on one portal, whether somebody has it or not.
    pub fn account(portal: &PortalName, identifier: &str) -> Self {
        Self {
            kind: ThrottleKind::Account,
            hash: digest(&[portal.as_str(), &fold(identifier)]),
        }
    }

    /// One client address on one portal; IPv6 by its /64, which is one subscriber's.
    pub fn address(portal: &PortalName, address: IpAddr) -> Self {
        let subscriber = match subscriber(address) {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        Self {
            kind: ThrottleKind::Address,
            hash: digest(&[portal.as_str(), &subscriber]),
        }
    }
}

/// All of one subscriber's addresses have one: of IPv6 the first of their /64.
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

/// The wrong tries counted under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttle {
    pub key: ThrottleKey,
    pub failures: u32,
    /// When the time in which they are counted began.
    pub since: Timestamp,
    /// No try is taken before.
    pub blocked_until: Timestamp,
}

/// No try is taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Always in the future; at least a second.
    pub retry_after: SignedDuration,
}

impl Throttle {
    /// A key that nothing was counted under.
    pub fn fresh(key: ThrottleKey, now: Timestamp) -> Self {
        Self {
            key,
            failures: 0,
            since: now,
            blocked_until: NO_DELAY,
        }
    }

    /// Counts a try as wrong, before it is known whether it is.
    pub fn reserve(&mut self, now: Timestamp) -> Result<(), Blocked> {
        if now >= self.since + self.key.kind.span() {
            *self = Self::fresh(self.key.clone(), now);
        }
        if now < self.blocked_until {
            let retry_after = self
                .blocked_until
                .duration_since(now)
                .max(SignedDuration::from_secs(1));
            return Err(Blocked { retry_after });
        }
        self.failures += 1;
        self.blocked_until = self.next_try(now);
        Ok(())
    }

    /// Takes back a try that was right; `counted` is how the throttle stood just after it was counted.
    ///
    /// Only the delay that this very try caused ends with it: one that others caused meanwhile stays, unless fewer tries
    /// are left than are followed by a delay. No earlier delay comes back: the try was taken, so none was left.
    pub fn take_back(&mut self, counted: &Self) {
        // The database keeps whole milliseconds; the clock gives more.
        let same = |one: Timestamp, other: Timestamp| one.as_millisecond() == other.as_millisecond();
        if !same(self.since, counted.since) {
            // Counted in a time that is over: it is not among these.
            return;
        }
        self.failures = self.failures.saturating_sub(1);
        let few = self.failures < self.key.kind.limits().delayed_from;
        if few || same(self.blocked_until, counted.blocked_until) {
            self.blocked_until = NO_DELAY;
        }
    }

    fn next_try(&self, now: Timestamp) -> Timestamp {
        let limits = self.key.kind.limits();
        let window_end = self.since + self.key.kind.span();
        if self.failures >= limits.most {
            return window_end;
        }
        let Some(doublings) = self.failures.checked_sub(limits.delayed_from) else {
            return NO_DELAY;
        };
        // 2^11 minutes are past the 24 hours anyway.
        let delay = FIRST_DELAY * (1 << doublings.min(11));
        window_end.min(now + delay)
    }

    /// One try more, and nothing else: what the database makes of a try, which is right unless a delay follows or the
    /// time in which tries are counted was over.
    #[must_use]
    pub fn with_one_more(&self) -> Self {
        Self {
            failures: self.failures + 1,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
