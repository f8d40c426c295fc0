//! The folder where fetched lists outlive a restart.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::crl::ListFault;
use crate::fetch::MAX_LIST_BYTES;

pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it isn't there.
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// What was kept of that address, if anything was.
    pub(super) fn load(&self, url: &str) -> Result<Option<Vec<u8>>, ListFault> {
        let path = self.path(url);
        match path.try_exists() {
            Ok(false) => Ok(None),
            Ok(true) => read_bounded(&path).map(Some),
            Err(error) => Err(storage(&error)),
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
            storage(&error)
        })
    }

    /// An address may hold what a file's name can't.
    fn path(&self, url: &str) -> PathBuf {
        let digest = hex::encode(&Sha256::digest(url.as_bytes())[..16]);
        self.0.join(format!("{digest}.crl"))
    }
}

/// A list's file; more than a list may have is not read.
pub(super) fn read_bounded(path: &Path) -> Result<Vec<u8>, ListFault> {
    let file = File::open(path).map_err(|error| storage(&error))?;
    let mut bytes = Vec::new();
    let limit = MAX_LIST_BYTES as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| storage(&error))?;
    if bytes.len() > MAX_LIST_BYTES {
        return Err(ListFault::TooLarge);
    }
    Ok(bytes)
}

fn storage(error: &io::Error) -> ListFault {
    ListFault::Storage(error.to_string())
}
