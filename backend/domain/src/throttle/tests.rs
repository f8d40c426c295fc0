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

#[test]
fn whoever_spends_what_a_portal_gives_out_keeps_the_others_waiting_for_a_minute_at_most() {
    for kind in [ThrottleKind::AskedPortal, ThrottleKind::CaptchaPortal] {
        let portal = PortalName::parse("paca").unwrap();
        let mut throttle = Throttle::fresh(ThrottleKey::portal(kind, &portal), start());
        let taken = (0..10_000)
            .take_while(|_| throttle.reserve(start()).is_ok())
            .count();
        assert!((600..10_000).contains(&taken), "{kind:?}: {taken}");
        let blocked = throttle.reserve(start()).unwrap_err();
        assert_eq!(blocked.retry_after, SignedDuration::from_mins(1), "{kind:?}");
        assert_eq!(throttle.reserve(start() + SignedDuration::from_mins(1)), Ok(()));
    }
}
