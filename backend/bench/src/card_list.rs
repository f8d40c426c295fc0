//! How long a list of a million revoked cards takes to load, what memory it takes, and how long a look-up is.
//!
//! Counted in the processor's time, which a busy machine hardly changes: one thread does it all, and its file is in memory already.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portique_cards::{AuthorityFile, Cards, HttpFetch, Issues, ListSource, Settings};
use portique_domain::card::{CardJudge as _, Presented};
use portique_domain::clock::Clock as _;
use portique_server::adapters::{SystemClock, SystemEntropy};
use portique_test_authority::{Authority, CrlSpec, KeyKind, Period, Revoked, Spec};

use crate::statistics::Samples;
use crate::{meter, report};

const ENTRIES: u64 = 1_000_000;
/// Loadings after the first, which alone is measured for its memory: later ones find what the first gave back.
const ROUNDS: usize = 5;
const LOOK_UPS: u64 = 1_000_000;
/// Cards judged, each of them with its chain.
const JUDGED: u32 = 5_000;

pub async fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let now = SystemClock.now();
    let authority = Authority::root(lasting(
        Spec::authority("AC PERSONNES DE MESURE").with_key(KeyKind::Rsa2048),
    ));
    let list = folder.path().join("long.crl");
    let bytes = write(&authority, &list, now)?;
    let open = || -> anyhow::Result<(Cards, f64)> {
        let settings = settings(&authority, folder.path(), &list);
        let fetch = Arc::new(HttpFetch::new()?);
        let cpu = meter::cpu_time();
        let cards = Cards::open(settings, fetch, Arc::new(SystemEntropy), now)?;
        Ok((cards, since(cpu)))
    };

    meter::forget_peak()?;
    let before = meter::own_memory()?;
    let (cards, first) = open()?;
    let after = meter::own_memory()?;
    let status = cards.lists(now).into_iter().next();
    let loaded = status.map_or(0, |status| status.revoked);
    anyhow::ensure!(u64::try_from(loaded)? == ENTRIES, "{loaded} entries were read");
    let again: Samples = (0..ROUNDS)
        .map(|_| open().map(|(_, seconds)| seconds))
        .collect::<anyhow::Result<_>>()?;

    report::title(format!("A list of {ENTRIES} revoked cards"))?;
    report::line("its file", mebibytes(bytes), "MiB")?;
    report::line("loaded, the first time", format!("{first:.2}"), "s")?;
    report::line("loaded, later times", &again, "s")?;
    report::line(
        "memory kept, at its peak, above before",
        format!(
            "{:.1}, {:.1}",
            after.resident - before.resident,
            after.peak - before.resident
        ),
        "MiB",
    )?;
    report::line(
        "a look-up, half of them of revoked cards",
        format!("{:.0}", look_up(&cards, now)?),
        "ns",
    )?;
    report::line(
        "a card judged against it, chain and all",
        format!("{:.0}", judge(&cards, &authority, now).await?),
        "µs",
    )?;
    Ok(())
}

/// Writes the list; gives its bytes.
fn write(authority: &Authority, path: &Path, now: Timestamp) -> anyhow::Result<u64> {
    let lines = (0..ENTRIES).map(|line| Revoked::new(&serial(line), now));
    let mut file = BufWriter::new(File::create(path)?);
    let spec = CrlSpec::new(now, now + SignedDuration::from_hours(24));
    authority.write_crl(&spec, &lines, &mut file)?;
    file.flush()?;
    Ok(path.metadata()?.len())
}

fn settings(authority: &Authority, folder: &Path, list: &Path) -> Settings {
    Settings {
        folder: folder.join("kept"),
        grace: SignedDuration::from_hours(24),
        refresh: SignedDuration::from_hours(1),
        authorities: vec![AuthorityFile {
            name: "people.pem".into(),
            bytes: authority.to_pem().into_bytes(),
            issues: Issues::Professionals,
            is_test: false,
            lists: vec![ListSource::File(list.to_owned())],
            ocsp: None,
        }],
    }
}

/// 16 bytes, as authorities draw them, in no order; the first [`ENTRIES`] are on the list. The multiplier is odd, so that none
/// comes twice.
fn serial(number: u64) -> [u8; 16] {
    let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut serial = [0; 16];
    serial[0] = 0x40;
    serial[1..9].copy_from_slice(&scattered.to_be_bytes());
    serial
}

/// Nanoseconds of one. Each is of another place in the table, as those of people who come by chance.
#[expect(clippy::cast_precision_loss, reason = "a million look-ups")]
fn look_up(cards: &Cards, now: Timestamp) -> anyhow::Result<f64> {
    // A prime that divides no power of ten: each number comes once, in no order.
    let serials: Vec<_> = (0..LOOK_UPS)
        .map(|turn| serial(turn * 7_919 % (2 * ENTRIES)))
        .collect();
    let cpu = meter::cpu_time();
    let found = serials
        .iter()
        .filter(|serial| cards.is_listed(serial.as_slice(), now))
        .count();
    let took = since(cpu);
    let share = found as f64 / LOOK_UPS as f64;
    anyhow::ensure!((0.49..0.51).contains(&share), "{found} were on the list");
    Ok(took * 1e9 / LOOK_UPS as f64)
}

/// Microseconds of a judgement: certificates read, the signature verified, the holder read, the list asked.
async fn judge(cards: &Cards, authority: &Authority, now: Timestamp) -> anyhow::Result<f64> {
    let spec = Spec::professional("810003456786", "MARTIN", "Claire").with_key(KeyKind::Rsa2048);
    let presented = Presented {
        chain: authority.issue(lasting(spec)).chain(),
        is_proved: true,
    };
    let cpu = meter::cpu_time();
    for _ in 0..JUDGED {
        let judged = cards.judge(&presented, now).await;
        judged.map_err(|fault| anyhow::anyhow!("a good card was refused: {}", fault.word()))?;
    }
    Ok(since(cpu) * 1e6 / f64::from(JUDGED))
}

/// Seconds of the processor since it had used so much.
fn since(cpu: Duration) -> f64 {
    meter::cpu_time().saturating_sub(cpu).as_secs_f64()
}

/// Good whenever it is measured.
fn lasting(spec: Spec) -> Spec {
    Spec {
        valid: Period::years(2020, 2050),
        ..spec
    }
}

#[expect(clippy::cast_precision_loss, reason = "a file of some megabytes")]
fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1024.0 / 1024.0)
}
