//! Measures the loading of a long list of revoked cards: time, and memory before and after.
//!
//! `cargo run --release -p portique-cards --example measure_list -- ENTRIES`

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use portique_cards::{
    AuthorityFile, Cards, Fetch, FetchError, Fetched, Issues, ListSource, Settings, Version,
};
use portique_domain::card::{CardJudge, Presented};
use portique_domain::testing::SeededEntropy;
use portique_test_authority::{Authority, CrlSpec, KeyKind, Revoked, Spec};

/// Everything is in files here.
struct NoNetwork;

#[async_trait]
impl Fetch for NoNetwork {
    async fn get(&self, _: &str, _: &Version) -> Result<Fetched, FetchError> {
        Err(FetchError::Connect)
    }

    async fn ask(&self, _: &str, _: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        Err(FetchError::Connect)
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring code reads a stopwatch")]
fn stopwatch() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn report(line: &str) {
    println!("{line}");
}

/// What the system says of this process, in KiB: `VmRSS` now, `VmHWM` at most so far.
fn memory(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(key))
        .unwrap_or_default();
    line.trim_start_matches(':')
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap_or_default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let entries: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let now: Timestamp = "2026-06-01T12:00:00Z".parse().expect("a timestamp");
    let folder = tempfile::tempdir().expect("a folder");
    let authority = Authority::root(Spec::authority("AC PERSONNES").with_key(KeyKind::Rsa2048));
    let path = folder.path().join("long.crl");
    let lines = (0..entries).map(|number| {
        // 16 bytes, as authorities draw them, in no order.
        let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
        let mut serial = [&scattered[..], &number.to_be_bytes()].concat();
        serial[0] = serial[0] & 0x3f | 0x40;
        Revoked::new(&serial, now)
    });
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    let spec = CrlSpec::new(now, now + SignedDuration::from_hours(24));
    authority
        .write_crl(&spec, &lines, &mut file)
        .expect("a written list");
    drop(file);
    let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
    let settings = Settings {
        folder: folder.path().join("kept"),
        grace: SignedDuration::from_hours(24),
        refresh: SignedDuration::from_hours(1),
        authorities: vec![AuthorityFile {
            name: "people.pem".into(),
            bytes: authority.to_pem().into_bytes(),
            issues: Issues::Professionals,
            is_test: false,
            lists: vec![ListSource::File(path)],
            ocsp: None,
        }],
    };
    let before = memory("VmRSS");
    let start = stopwatch();
    let cards = Cards::open(
        settings,
        Arc::new(NoNetwork),
        Arc::new(SeededEntropy::new(1)),
        now,
    )
    .expect("a good authority");
    let took = start.elapsed();
    let loaded = cards.lists(now)[0].revoked;
    report(&format!(
        "{loaded} entries, {bytes} bytes: loaded in {took:?}; memory {before} KiB before, {} after, {} at most",
        memory("VmRSS"),
        memory("VmHWM"),
    ));
    let card = authority.issue(Spec::professional("810003456786", "MARTIN", "Claire"));
    let presented = Presented {
        chain: card.chain(),
        is_proved: true,
    };
    let rounds = 2000_u32;
    let start = stopwatch();
    for _ in 0..rounds {
        cards.judge(&presented, now).await.expect("a good card");
    }
    report(&format!(
        "{rounds} cards judged against it, {:?} each",
        start.elapsed() / rounds
    ));
}
