//! The folder where fetched lists outlive a restart.

use std::collections::HashSet;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::crl::ListFault;
use crate::fetch::MAX_LIST_BYTES;
use crate::trust::ListSource;

/// Digits of a list's name.
const DIGITS: usize = 32;

/// After which a half is nobody's: a server that shares the folder writes the largest list in seconds.
const HALF_LASTS: SignedDuration = SignedDuration::from_hours(1);

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the folder if it isn't there; removes halves that a server left that was killed, and lists of addresses that are not
    /// configured any more. Touches nothing that is not named as this program names its own.
    pub(super) fn prepare<'a>(
        &self,
        sources: impl Iterator<Item = &'a ListSource>,
        now: Timestamp,
    ) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let wanted: HashSet<String> = sources
            .filter_map(|source| match source {
                ListSource::Url(url) => Some(name(url)),
                ListSource::File(_) => None,
            })
            .collect();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            if is_nobodys(&entry, &wanted, now)
                && let Err(error) = fs::remove_file(entry.path())
            {
                let file = entry.path();
                tracing::warn!(file = %file.display(), %error, "a list that nobody needs can't be removed");
            }
        }
        Ok(())
    }

    /// What was kept of that address, if anything was.
    pub(super) fn load(&self, url: &str) -> Result<Option<Vec<u8>>, ListFault> {
        let path = self.path(url);
        match path.try_exists() {
            Ok(false) => Ok(None),
            Ok(true) => read_bounded(&path).map(Some),
            Err(error) => Err(ListFault::Storage(error.to_string())),
        }
    }

    /// Keeps a list. It takes the place of the one before in one step: a power cut leaves one or the other, whole.
    pub(super) fn keep(&self, url: &str, bytes: &[u8]) -> Result<(), ListFault> {
        let path = self.path(url);
        // Servers that share the folder must not write into each other's halves.
        let half = path.with_extension(format!("{}.new", std::process::id()));
        let write = || {
            let mut file = File::create(&half)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&half, &path)
        };
        write().map_err(|error| {
            // What is left of it is overwritten by the next try.
            drop(fs::remove_file(&half));
            ListFault::NotKept(error.to_string())
        })
    }

    fn path(&self, url: &str) -> PathBuf {
        self.0.join(name(url))
    }
}

/// An address may hold what a file's name can't.
fn name(url: &str) -> String {
    let digest = hex::encode(&Sha256::digest(url.as_bytes())[..DIGITS / 2]);
    format!("{digest}.crl")
}

/// Whether a file is one of ours that nothing needs: `<32 digits>.crl` of another address, `<32 digits>.<process>.new` of long ago.
fn is_nobodys(entry: &DirEntry, wanted: &HashSet<String>, now: Timestamp) -> bool {
    let file = entry.file_name();
    let Some((digits, ending)) = file.to_str().and_then(|name| name.split_once('.')) else {
        return false;
    };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if digits.len() != DIGITS || !digits.bytes().all(is_digit) {
        return false;
    }
    if ending == "crl" {
        return file.to_str().is_some_and(|name| !wanted.contains(name));
    }
    let process = ending.strip_suffix(".new").unwrap_or_default();
    !process.is_empty()
        && process.bytes().all(|byte| byte.is_ascii_digit())
        && entry
            .metadata()
            .and_then(|told| told.modified())
            .ok()
            .and_then(|at| Timestamp::try_from(at).ok())
            .is_some_and(|at| now.duration_since(at) > HALF_LASTS)
}

/// A list's file; more than a list may have is not read.
pub(super) fn read_bounded(path: &Path) -> Result<Vec<u8>, ListFault> {
    let storage = |error: io::Error| ListFault::Storage(error.to_string());
    let file = File::open(path).map_err(storage)?;
    let mut bytes = Vec::new();
    let limit = MAX_LIST_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(storage)?;
    if bytes.len() > MAX_LIST_BYTES {
        return Err(ListFault::TooLarge);
    }
    Ok(bytes)
}
