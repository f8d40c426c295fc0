//! Whatever bytes come: nothing panics, and nothing that differs from what was signed is believed.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use portique_cards::{Cards, Issues, Trust};
use portique_domain::card::{Card, CardFault};
use portique_test_authority::{CrlSpec, Issued};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::stage::{PEOPLE_LIST, ROOT_LIST, Stage, file, hours, judge, noon, physician};

/// One way to change bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, u8),
    Set(Index, u8),
    Remove(Index, Index),
    Repeat(Index, Index),
    Insert(Index, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), 0_u8..8).prop_map(|(at, bit)| Change::Flip(at, 1 << bit)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        any::<(Index, Index)>().prop_map(|(from, to)| Change::Remove(from, to)),
        any::<(Index, Index)>().prop_map(|(from, to)| Change::Repeat(from, to)),
        (any::<Index>(), vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
    ]
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec(change(), 1..4)
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        let range = |from: &Index, to: &Index| {
            let (from, to) = (from.index(length), to.index(length));
            from.min(to)..from.max(to)
        };
        match change {
            Change::Flip(at, bit) => bytes[at.index(length)] ^= bit,
            Change::Set(at, byte) => bytes[at.index(length)] = *byte,
            Change::Remove(from, to) => drop(bytes.drain(range(from, to))),
            Change::Repeat(from, to) => {
                let range = range(from, to);
                let piece = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, piece);
            }
            Change::Insert(at, piece) => {
                let at = at.index(length);
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Runs what waits for nothing but itself.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// A stage with its judge, which a test's cases share: what each of them tries must leave no trace.
struct Set {
    stage: Stage,
    cards: Cards,
    claire: Issued,
}

impl Set {
    fn new(stage: Stage) -> Self {
        let lasting = CrlSpec::new(noon(), noon() + hours(10_000));
        stage.net.put(ROOT_LIST, stage.root.crl(&lasting, &[]));
        Self {
            cards: run(stage.cards()),
            claire: stage.people.issue(physician()),
            stage,
        }
    }

    fn judge(&self, chain: Vec<Vec<u8>>, now: Timestamp) -> Result<Card, CardFault> {
        run(judge(&self.cards, chain, now))
    }
}

static LISTED: LazyLock<Set> = LazyLock::new(|| Set::new(Stage::new()));
static ASKED: LazyLock<Set> = LazyLock::new(|| Set::new(Stage::with_responder()));
static REVOKED: LazyLock<Set> = LazyLock::new(|| {
    let stage = Stage::new();
    let claire = stage.people.issue(physician());
    stage.net.put(PEOPLE_LIST, stage.list_of(2, &[&claire]));
    Set::new(stage)
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_changed_certificate_opens(changes in changes()) {
        let good = &LISTED.claire.certificate;
        let bad = changed(good, &changes);
        prop_assume!(bad != *good);
        prop_assert!(LISTED.judge(vec![bad], noon()).is_err());
    }

    #[test]
    fn no_bytes_open(chain in vec(vec(any::<u8>(), 0..200), 0..4)) {
        prop_assert!(LISTED.judge(chain, noon()).is_err());
    }

    #[test]
    fn changed_authorities_are_refused_or_read(changes in changes()) {
        let root = &LISTED.stage.root;
        for bytes in [root.certificate().to_vec(), root.to_pem().into_bytes()] {
            let mut file = file("", Issues::Nothing, &[]);
            file.bytes = changed(&bytes, &changes);
            drop(Trust::new(&[file], noon()));
        }
    }

    #[test]
    fn no_changed_list_takes_the_place_of_a_good_one(changes in changes()) {
        let stage = &REVOKED.stage;
        let newer = stage.list_of(3, &[]);
        let bad = changed(&newer, &changes);
        prop_assume!(bad != newer);
        stage.net.put(PEOPLE_LIST, bad);
        let fetched = stage.net.fetched();
        // Two of the three lists are fetched each time: the clock goes on by a tenth of an hour for each.
        let round = i64::try_from(fetched).expect("some thousands");
        run(REVOKED.cards.refresh_due(noon() + hours(1) + SignedDuration::from_mins(6 * round)));
        prop_assert!(stage.net.fetched() > fetched);
        prop_assert_eq!(REVOKED.judge(REVOKED.claire.chain(), noon()), Err(CardFault::Revoked));
    }

    #[test]
    fn no_changed_answer_is_taken(changes in changes()) {
        *ASKED.stage.net.bent.lock().unwrap() = Some(Box::new(move |answer| {
            let bad = changed(&answer, &changes);
            if bad == answer { Vec::new() } else { bad }
        }));
        let found = ASKED.judge(ASKED.claire.chain(), noon());
        prop_assert_eq!(found, Err(CardFault::RevocationUnknown));
    }

    #[test]
    fn at_no_time_outside_its_own_does_a_card_open(seconds in any::<u32>()) {
        let start = "2025-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        let end = "2028-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        let away = SignedDuration::from_secs(i64::from(seconds) + 1);
        prop_assert_eq!(LISTED.judge(LISTED.claire.chain(), start - away), Err(CardFault::NotYetValid));
        prop_assert_eq!(LISTED.judge(LISTED.claire.chain(), end + away), Err(CardFault::Expired));
    }
}
