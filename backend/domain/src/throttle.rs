//! Limits on wrong passwords and on whatever else can be asked for too often, kept in the database so that every server
//! counts alike.
//!
//! A try is counted before its password is verified, and taken back if it was right: fifty tries at one instant
//! are fifty tries. An identifier that nobody has is counted like any other, so that a limit tells nothing.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::folding::fold;
use crate::portal::PortalName;

/// The time in which wrong tries are counted; what is older than this is over.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);
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

/// Each kind has limits of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum ThrottleKind {
    /// Wrong passwords for one identifier.
    Account,
    /// Wrong passwords from one address.
    Address,
    /// Wrong answers to captchas from one address.
    CaptchaWrong,
    /// Captchas given out to one address.
    CaptchaAddress,
    /// Captchas given out on one portal.
    CaptchaPortal,
    /// Proofs of work given out on one portal in one minute: never a limit, only a count.
    ProofPressure,
    /// Requests for help that name one identifier or e-mail, as typed.
    AskedSubject,
    /// Requests for help from one address.
    AskedAddress,
    /// Requests for help on one portal.
    AskedPortal,
    /// Mails that anybody can have sent to one mailbox.
    Mailbox,
    /// Links looked at or used from one address.
    LinkAddress,
    /// Wrong identifiers typed on the page of one link.
    LinkIdentifier,
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
        let subscriber = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        Self {
            kind: ThrottleKind::Address,
            hash: digest(&[portal.as_str(), &subscriber]),
        }
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

/// The figures of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limits {
    /// From this many wrong tries on, each is followed by a delay.
    delayed_from: u32,
    /// Wrong tries in 24 hours after which none is taken until the 24 hours are over.
    daily: u32,
}

impl Limits {
    /// So many in 24 hours, without a delay before.
    const fn budget(daily: u32) -> Self {
        Self {
            delayed_from: daily,
            daily,
        }
    }
}

impl ThrottleKind {
    /// An account: CNIL 2022-100, case 2 (more than a minute after 5, at most 25 in 24 h).
    /// An address: a hospital's thousands share one, so the limit is that of a crowd that mistypes, not of a person;
    /// it stops who tries one password on many accounts.
    const fn limits(self) -> Limits {
        match self {
            Self::Account => Limits {
                delayed_from: 5,
                daily: 25,
            },
            Self::Address => Limits {
                delayed_from: 100,
                daily: 1_000,
            },
            // A person errs a few times; a program that clicks anywhere is right once in five to eight.
            Self::CaptchaWrong => Limits {
                delayed_from: 20,
                daily: 300,
            },
            Self::LinkIdentifier => Limits {
                delayed_from: 5,
                daily: 10,
            },
            // A hospital's thousands share one address; each may ask for several pictures, and open several links.
            Self::CaptchaAddress | Self::LinkAddress => Limits::budget(2_000),
            Self::CaptchaPortal => Limits::budget(100_000),
            Self::ProofPressure => Limits::budget(u32::MAX),
            Self::AskedSubject => Limits::budget(6),
            Self::AskedAddress => Limits::budget(300),
            // The day after everybody's passwords were reset is not to be that of the limit.
            Self::AskedPortal => Limits::budget(20_000),
            Self::Mailbox => Limits::budget(5),
        }
    }
}

/// The wrong tries counted under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttle {
    pub key: ThrottleKey,
    pub failures: u32,
    /// When the 24 hours in which they are counted began.
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
        if now >= self.since + DAY {
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
            // Counted in 24 hours that are over: it is not among these.
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
        let window_end = self.since + DAY;
        if self.failures >= limits.daily {
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
    /// 24 hours were over.
    #[must_use]
    pub fn with_one_more(&self) -> Self {
        Self {
            failures: self.failures + 1,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start() -> Timestamp {
        "2026-01-05T08:00:00Z".parse().unwrap()
    }

    fn account() -> Throttle {
        let portal = PortalName::parse("paca").unwrap();
        Throttle::fresh(ThrottleKey::account(&portal, "jeanne"), start())
    }

    #[test]
    fn four_wrong_tries_cost_nothing_and_the_fifth_a_minute() {
        let mut throttle = account();
        for _ in 0..5 {
            assert_eq!(throttle.reserve(start()), Ok(()));
        }
        let blocked = throttle.reserve(start()).unwrap_err();
        assert_eq!(blocked.retry_after, SignedDuration::from_mins(1));
        assert_eq!(throttle.reserve(start() + SignedDuration::from_mins(1)), Ok(()));
    }

    #[test]
    fn the_delay_doubles_from_the_fifth_on() {
        let (mut throttle, mut now, mut delays) = (account(), start(), Vec::new());
        for _ in 0..9 {
            throttle.reserve(now).unwrap();
            let next = now.max(throttle.blocked_until);
            delays.push(next.duration_since(now).as_secs() / 60);
            now = next;
        }
        assert_eq!(delays, [0, 0, 0, 0, 1, 2, 4, 8, 16]);
    }

    #[test]
    fn a_try_that_waited_behind_another_is_not_sent_away_for_its_earlier_clock() {
        let earlier = start() - SignedDuration::from_millis(20);
        let mut throttle = account();
        assert_eq!(throttle.reserve(earlier), Ok(()), "behind the first");
        throttle.reserve(start()).unwrap();
        assert_eq!(throttle.reserve(earlier), Ok(()), "behind another");
    }

    /// An address's throttle after so many wrong tries, the last delay over at [`start`].
    fn address_with(failures: u32) -> Throttle {
        let portal = PortalName::parse("paca").unwrap();
        let key = ThrottleKey::address(&portal, [192, 0, 2, 1].into());
        Throttle {
            failures,
            blocked_until: start(),
            ..Throttle::fresh(key, start() - SignedDuration::from_hours(1))
        }
    }

    #[test]
    fn a_right_try_takes_the_delay_that_it_caused_itself_with_it() {
        for failures in [99, 150] {
            let mut throttle = address_with(failures);
            throttle.reserve(start()).unwrap();
            assert!(throttle.clone().reserve(start()).is_err(), "until it is known");
            let counted = throttle.clone();
            throttle.take_back(&counted);
            assert_eq!((throttle.failures, throttle.blocked_until), (failures, NO_DELAY));
        }
    }

    #[test]
    fn a_right_try_does_not_lift_the_delay_that_wrong_ones_caused_meanwhile() {
        let mut throttle = address_with(98);
        throttle.reserve(start()).unwrap();
        let right = throttle.clone();
        throttle.reserve(start()).unwrap();
        throttle.reserve(start() + FIRST_DELAY).unwrap();
        let until = throttle.blocked_until;
        throttle.take_back(&right);
        assert_eq!((throttle.failures, throttle.blocked_until), (100, until));
    }

    #[test]
    fn a_delay_that_only_right_tries_reached_ends_with_the_first_of_them() {
        let mut throttle = address_with(98);
        throttle.reserve(start()).unwrap();
        let first = throttle.clone();
        throttle.reserve(start()).unwrap();
        throttle.take_back(&first);
        assert_eq!((throttle.failures, throttle.blocked_until), (99, NO_DELAY));
    }

    #[test]
    fn a_try_of_yesterday_is_not_taken_back_from_todays() {
        let mut throttle = address_with(98);
        throttle.reserve(start()).unwrap();
        let yesterdays = throttle.clone();
        let mut throttle = Throttle::fresh(throttle.key, start() + DAY);
        throttle.reserve(start() + DAY).unwrap();
        throttle.take_back(&yesterdays);
        assert_eq!(throttle.failures, 1);
    }

    #[test]
    fn the_written_form_of_an_identifier_makes_no_second_count() {
        let portal = PortalName::parse("paca").unwrap();
        assert_eq!(
            ThrottleKey::account(&portal, "Hélène"),
            ThrottleKey::account(&portal, " HELENE ")
        );
    }

    #[test]
    fn addresses_of_one_ipv6_subscriber_are_counted_together() {
        let portal = PortalName::parse("paca").unwrap();
        let key = |text: &str| ThrottleKey::address(&portal, text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    proptest! {
        #[test]
        fn no_account_is_tried_more_than_25_times_in_24_hours(pauses in prop::collection::vec(0_i64..7_200, 0..400)) {
            let (mut throttle, mut now, mut taken) = (account(), start(), Vec::new());
            for pause in pauses {
                now += SignedDuration::from_secs(pause);
                if throttle.reserve(now).is_ok() {
                    taken.push(now);
                }
                prop_assert!(throttle.blocked_until <= throttle.since + DAY);
            }
            let first_day = taken.iter().filter(|at| **at < start() + DAY).count();
            prop_assert!(first_day <= 25, "{first_day}");
        }
    }
}
