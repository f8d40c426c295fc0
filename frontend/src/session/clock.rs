//! When a session ends, reckoned on the server's clock: the browser's own may be wrong. Plain arithmetic on
//! milliseconds since 1970; who reads the browser's clock passes it in.

/// How long before its end a session warns (WCAG 2.2.1 asks for 20 seconds at least).
pub const WARNING_MS: i64 = 120_000;

/// The remaining seconds that are said aloud; saying each would drown everything else.
const MILESTONES_S: [u32; 5] = [120, 60, 30, 20, 10];

/// A session's two ends, on the browser's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionClock {
    idle_end: i64,
    absolute_end: i64,
    /// The longest idle time seen: the portal's own, as soon as the session was extended once.
    idle_length: i64,
    /// When the server last said so.
    confirmed: i64,
}

/// What a session is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Quiet,
    /// Ends soon; `extendable` unless it is the absolute end.
    Warning {
        seconds: u32,
        extendable: bool,
    },
    Ended(Ended),
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Idle,
    Absolute,
    /// The person signed out.
    SignedOut,
    /// Before its time: elsewhere, or by the agency.
    Elsewhere,
}

impl Ended {
    const ALL: [Self; 4] = [Self::Idle, Self::Absolute, Self::SignedOut, Self::Elsewhere];

    /// As the sign-in page's address carries it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Absolute => "absolute",
            Self::SignedOut => "signed-out",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Reads the address's word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ended| ended.word() == word)
    }
}

impl SessionClock {
    /// From what the server said (its clock and both ends) at `here`, the browser's clock.
    pub fn new(here: i64, server_now: i64, idle_end: i64, absolute_end: i64) -> Self {
        let offset = here - server_now;
        Self {
            idle_end: idle_end + offset,
            absolute_end: absolute_end + offset,
            idle_length: idle_end - server_now,
            confirmed: here,
        }
    }

    /// What `self` learns from what the server says later.
    pub fn updated(self, later: Self) -> Self {
        Self {
            idle_length: self.idle_length.max(later.idle_length),
            ..later
        }
    }

    pub fn phase(&self, here: i64) -> Phase {
        let extendable = self.idle_end < self.absolute_end;
        let left = self.idle_end.min(self.absolute_end) - here;
        if left <= 0 {
            Phase::Ended(self.ended(here))
        } else if left <= WARNING_MS {
            let seconds = u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX);
            Phase::Warning { seconds, extendable }
        } else {
            Phase::Quiet
        }
    }

    /// Why a session is over that the server no longer knows.
    pub fn ended(&self, here: i64) -> Ended {
        if here >= self.absolute_end {
            Ended::Absolute
        } else if here >= self.idle_end {
            Ended::Idle
        } else {
            Ended::Elsewhere
        }
    }

    /// Whether the person's activity is to be told to the server: once in a quarter of the idle time, or else the
    /// server would end the session of somebody who reads and types.
    pub fn wants_extension(&self, here: i64) -> bool {
        let used = self.idle_length - (self.idle_end - here);
        self.idle_end < self.absolute_end && used >= self.idle_length / 4
    }

    /// Milliseconds since the server last spoke of this session.
    pub fn age(&self, here: i64) -> i64 {
        here - self.confirmed
    }
}

/// Whether the remaining time is said aloud at `seconds`, when it was last shown as `before`.
pub fn is_milestone(before: Option<u32>, seconds: u32) -> bool {
    match before {
        None => true,
        Some(before) => MILESTONES_S
            .iter()
            .any(|milestone| seconds <= *milestone && before > *milestone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// 30 minutes idle, 4 hours in all, on a browser whose clock is an hour late.
    fn clock() -> SessionClock {
        SessionClock::new(0, 60 * MINUTE, 90 * MINUTE, 300 * MINUTE)
    }

    #[test]
    fn a_wrong_browser_clock_changes_nothing() {
        assert_eq!(clock().phase(27 * MINUTE), Phase::Quiet);
        assert_eq!(
            clock().phase(28 * MINUTE),
            Phase::Warning {
                seconds: 120,
                extendable: true
            }
        );
        assert_eq!(clock().phase(30 * MINUTE), Phase::Ended(Ended::Idle));
    }

    #[test]
    fn the_last_second_is_still_counted_as_one() {
        assert_eq!(
            clock().phase(30 * MINUTE - 1),
            Phase::Warning {
                seconds: 1,
                extendable: true
            }
        );
    }

    #[test]
    fn the_absolute_end_cannot_be_put_off() {
        let last = SessionClock::new(0, 0, 30 * MINUTE, 30 * MINUTE);
        assert_eq!(
            last.phase(29 * MINUTE),
            Phase::Warning {
                seconds: 60,
                extendable: false
            }
        );
        assert!(!last.wants_extension(29 * MINUTE));
        assert_eq!(last.phase(30 * MINUTE), Phase::Ended(Ended::Absolute));
    }

    #[test]
    fn activity_is_told_once_in_a_quarter_of_the_idle_time() {
        assert!(!clock().wants_extension(7 * MINUTE));
        assert!(clock().wants_extension(8 * MINUTE));
    }

    #[test]
    fn a_page_opened_late_in_a_session_learns_the_idle_time_at_its_first_extension() {
        let late = SessionClock::new(0, 0, 4 * MINUTE, 300 * MINUTE);
        let extended = late.updated(SessionClock::new(MINUTE, MINUTE, 31 * MINUTE, 300 * MINUTE));
        assert!(!extended.wants_extension(2 * MINUTE));
        let reread = extended.updated(SessionClock::new(
            5 * MINUTE,
            5 * MINUTE,
            31 * MINUTE,
            300 * MINUTE,
        ));
        assert!(!reread.wants_extension(6 * MINUTE));
        assert!(reread.wants_extension(9 * MINUTE));
    }

    #[test]
    fn a_session_over_before_its_time_was_ended_elsewhere() {
        assert_eq!(clock().ended(MINUTE), Ended::Elsewhere);
        assert_eq!(clock().ended(31 * MINUTE), Ended::Idle);
        assert_eq!(clock().ended(241 * MINUTE), Ended::Absolute);
    }

    #[test]
    fn every_end_is_told_to_the_sign_in_page_by_a_word() {
        for ended in Ended::ALL {
            assert_eq!(Ended::from_word(ended.word()), Some(ended));
        }
        assert_eq!(Ended::from_word("<b>"), None);
    }

    #[test]
    fn the_countdown_is_said_at_milestones_only() {
        assert!(is_milestone(None, 97));
        assert!(!is_milestone(Some(97), 96));
        assert!(is_milestone(Some(61), 60));
        assert!(is_milestone(Some(65), 58));
        assert!(!is_milestone(Some(60), 59));
    }
}
