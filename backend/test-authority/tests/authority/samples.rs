//! A root, an authority below it, and what they are asked for again and again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use portique_test_authority::folder::{Plan, make};
use portique_test_authority::{Authority, Spec};

use crate::openssl::Folder;

/// In the middle of the time that cards are good for.
pub fn now() -> Timestamp {
    "2026-01-05T00:00:00Z".parse().expect("a time")
}

/// [`now`] for `openssl`.
pub const AT: &str = "-attime 1767571200";

pub fn root() -> Authority {
    Authority::root(Spec::authority("AC RACINE IGC-SANTE FORT"))
}

pub fn people() -> Authority {
    root().intermediate(Spec::authority("AC IGC-SANTE FORT PERSONNES"))
}

pub fn physician() -> Spec {
    Spec::professional("810003456786", "MARTIN", "Claire")
}

/// A folder of sample cards, of keys that no chance made.
pub fn cards(folder: &Folder, at: Timestamp, hosts: &[&str]) {
    let keys = folder.path("keys");
    if !keys.exists() {
        copy(&shared_keys(), &keys).expect("the target folder can be written to");
    }
    write_cards(folder.path(""), at, hosts);
}

fn write_cards(into: PathBuf, at: Timestamp, hosts: &[&str]) {
    let mut count = 0;
    let plan = Plan {
        into,
        at,
        hosts: hosts.iter().map(|host| (*host).into()).collect(),
        url: "http://localhost:8879".into(),
        chance: &mut || {
            count += 1;
            let seconds = u64::try_from(at.as_second()).unwrap_or(0);
            [[count; 24].as_slice(), &seconds.to_be_bytes()]
                .concat()
                .try_into()
                .expect("32 bytes")
        },
    };
    make(plan).expect("the target folder can be written to");
}

/// Sixteen RSA keys take seconds: they are made once for all tests of a checkout, by whichever comes first.
fn shared_keys() -> PathBuf {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sample-keys");
    if !shared.exists() {
        let folder = Folder::new();
        write_cards(folder.path(""), now(), &["localhost"]);
        // Another test that made them at the same time made the same.
        drop(fs::rename(folder.path("keys"), &shared));
    }
    shared
}

fn copy(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), into.join(file.file_name()))?;
    }
    Ok(())
}
