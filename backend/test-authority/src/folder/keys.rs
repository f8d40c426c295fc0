//! The keys of a folder: made once, kept.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;

use super::write_secret;
use crate::key::{Key, KeyKind};

/// Keys by name.
pub struct Keys(BTreeMap<String, Key>);

impl Keys {
    /// Reads these keys from the folder; makes and writes those that aren't there, as many at once as there are cores.
    pub fn open(
        folder: &Path,
        wanted: impl Iterator<Item = (String, KeyKind)>,
        chance: &mut dyn FnMut() -> [u8; 32],
    ) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut keys = BTreeMap::new();
        let mut missing = Vec::new();
        for (name, kind) in wanted {
            match read(folder, &name) {
                Ok(key) => {
                    keys.insert(name, key);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push((name, kind, chance())),
                Err(error) => return Err(error),
            }
        }
        for (name, key) in made(&missing) {
            write_secret(&folder.join(file(&name)), &key.to_pkcs8())?;
            keys.insert(name, key);
        }
        Ok(Self(keys))
    }

    /// Reads these keys from the folder, where all of them must be.
    pub(crate) fn read(folder: &Path, wanted: impl Iterator<Item = (String, KeyKind)>) -> io::Result<Self> {
        wanted
            .map(|(name, _)| Ok((name.clone(), read(folder, &name)?)))
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// The key of that name, which was among those wanted.
    pub(crate) fn get(&self, name: &str) -> Key {
        self.0
            .get(name)
            .expect("each use is among the wanted ones")
            .clone()
    }
}

fn read(folder: &Path, name: &str) -> io::Result<Key> {
    let der = fs::read(folder.join(file(name)))?;
    Key::from_pkcs8(&der).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("keys/{} is no key", file(name)),
        )
    })
}

fn file(name: &str) -> String {
    format!("{name}.der")
}

fn made(missing: &[(String, KeyKind, [u8; 32])]) -> Vec<(String, Key)> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = missing.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = missing
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|(name, kind, seed)| (name.clone(), Key::from_seed(*seed, *kind)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("making keys does not panic"))
            .collect()
    })
}
