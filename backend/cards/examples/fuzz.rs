//! Fuzzes the readers on stable Rust: changes good certificates, bundles, lists and answers at random and gives them to every reader.
//!
//! `make fuzz`, or `cargo run -p portique-cards --features test-support --example fuzz -- SECONDS [SEED]`
//!
//! A panic ends it and leaves the bytes in `fuzz-crash.der`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use portique_cards::fuzz::read_all;
use portique_test_authority::{
    Attribute, Authority, CrlSpec, KeyKind, Name, OcspResponder, Revoked, Spec, Text, Urls, unknown_extension,
};

/// Larger inputs only repeat what smaller ones show.
const MAX_BYTES: usize = 8 * 1024;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise| {
        arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(otherwise)
    };
    let (seconds, seed) = (number(60), number(1));
    let seeds = seeds();
    let whole = seeds.iter().filter(|seed| read_all(seed) > 0).count();
    let mut dice = Dice(seed);
    let (mut runs, mut taken) = (0_u64, 0_u64);
    let end = stopwatch(Duration::from_secs(seconds));
    while !end() {
        // The clock costs more than a run.
        for _ in 0..1000 {
            let bytes = dice.changed(&seeds);
            let Ok(readers) = catch_unwind(AssertUnwindSafe(|| read_all(&bytes))) else {
                return crashed(&bytes, runs, seed);
            };
            taken += u64::from(readers > 0);
            runs += 1;
        }
    }
    report(&format!(
        "{runs} executions in {seconds} s from {} inputs, {whole} of them taken as they are (seed {seed}), no crash; {taken} changed ones were taken",
        seeds.len()
    ));
    ExitCode::SUCCESS
}

#[expect(clippy::disallowed_methods, reason = "measuring code reads a stopwatch")]
fn stopwatch(limit: Duration) -> impl Fn() -> bool {
    let start = Instant::now();
    move || start.elapsed() >= limit
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn report(line: &str) {
    println!("{line}");
}

fn crashed(bytes: &[u8], runs: u64, seed: u64) -> ExitCode {
    let kept = std::fs::write("fuzz-crash.der", bytes);
    report(&format!(
        "a crash after {runs} executions (seed {seed}); its bytes are kept: {kept:?}"
    ));
    ExitCode::FAILURE
}

/// Good inputs of every kind.
fn seeds() -> Vec<Vec<u8>> {
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a timestamp");
    let root = Authority::root(Spec::authority("AC RACINE"));
    let people = root
        .intermediate(Spec::authority("AC PERSONNES").with_key(KeyKind::Rsa2048))
        .telling(Urls {
            crls: vec!["http://lists.example/people.crl".into()],
            ocsp: Some("http://ocsp.example".into()),
            issuer: None,
        });
    let physician = || Spec::professional("810003456786", "MARTIN", "Claire");
    let wide = Spec::card(Name::holder(
        "Médecin",
        vec![
            Attribute::common_name(Text::printable("0061234567")),
            Attribute::surname(Text::bmp("LEFÈVRE")),
            Attribute::given_name("Zoé"),
        ],
    ));
    let remarks = Spec {
        extra: vec![unknown_extension(false, 40)],
        ..physician()
    };
    let cards = [
        physician(),
        wide,
        remarks,
        Spec::organisation("LOGICIEL", "CLINIQUE"),
        Spec::ocsp_signer("OCSP"),
    ]
    .map(|spec| people.issue(spec));
    let revoked: Vec<_> = (0_u8..20).map(|serial| Revoked::new(&[1, serial], now)).collect();
    let spec = CrlSpec::new(now, now + SignedDuration::from_hours(24));
    let delegate = Some(cards[4].clone());
    let responder = OcspResponder::new(people.clone());
    let mut seeds = vec![
        root.certificate().to_vec(),
        people.certificate().to_vec(),
        people.to_pem().into_bytes(),
        people.crl(&spec, &revoked),
        people.crl(&spec, &[]),
        root.crl(&spec, &revoked),
        responder.answer(b"no question", now),
        bundle(&[people.certificate(), root.certificate()]),
        OcspResponder {
            delegate,
            ..responder.clone()
        }
        .answer(QUESTION, now),
        responder.answer(QUESTION, now),
    ];
    seeds.extend(cards.into_iter().map(|card| card.certificate));
    seeds
}

/// A `.p7b` of certificates: signed data that nobody signed.
fn bundle(certificates: &[&[u8]]) -> Vec<u8> {
    let short = |tag: u8, parts: &[&[u8]]| {
        let content = parts.concat();
        let length = u8::try_from(content.len()).expect("a few bytes");
        [&[tag, length], content.as_slice()].concat()
    };
    let long = |tag: u8, parts: &[&[u8]]| {
        let content = parts.concat();
        let length = u16::try_from(content.len())
            .expect("some kilobytes")
            .to_be_bytes();
        [&[tag, 0x82, length[0], length[1]], content.as_slice()].concat()
    };
    let kind = |last: u8| short(6, &[&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last]]);
    let inner = short(0x30, &[&kind(1)]);
    let (version, nobody) = (short(2, &[&[1]]), short(0x31, &[]));
    let signed = long(
        0x30,
        &[&version, &nobody, &inner, &long(0xa0, certificates), &nobody],
    );
    long(0x30, &[&kind(2), &long(0xa0, &[&signed])])
}

/// A request for one certificate of an authority of no name, as RFC 6960 writes it.
const QUESTION: &[u8] = &[
    0x30, 0x23, 0x30, 0x21, 0x30, 0x1f, 0x30, 0x1d, 0x30, 0x1b, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03,
    0x02, 0x1a, 0x05, 0x00, 0x04, 0x04, 1, 2, 3, 4, 0x04, 0x04, 1, 2, 3, 4, 0x02, 0x02, 0x01, 0x02,
];

/// Chance that a number decides, so that a crash can be had again.
struct Dice(u64);

impl Dice {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("less than a usize")
    }

    fn byte(&mut self) -> u8 {
        // The values that lengths, tags and signs turn on come more often than others.
        const TELLING: [u8; 16] = [
            0, 1, 2, 3, 4, 5, 6, 0x0c, 0x13, 0x1e, 0x30, 0x31, 0x7f, 0x80, 0x82, 0xff,
        ];
        match self.below(2) {
            0 => TELLING[self.below(TELLING.len())],
            _ => self.next().to_le_bytes()[0],
        }
    }

    fn piece<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let from = self.below(bytes.len());
        let length = self.below((bytes.len() - from).min(64) + 1);
        &bytes[from..from + length]
    }

    fn changed(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(8) {
                _ if bytes.is_empty() => bytes.push(self.byte()),
                0 => bytes[at] ^= 1 << self.below(8),
                1 | 2 => bytes[at] = self.byte(),
                3 => bytes.truncate(at),
                4 => drop(bytes.drain(at..(at + 1 + self.below(16)).min(bytes.len()))),
                5 => bytes.insert(at, self.byte()),
                6 => {
                    let piece = self.piece(&bytes).to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    let other = self.below(seeds.len());
                    let piece = self.piece(&seeds[other]).to_vec();
                    let end = (at + piece.len()).min(bytes.len());
                    bytes.splice(at..end, piece);
                }
            }
        }
        bytes.truncate(MAX_BYTES);
        bytes
    }
}
