//! The lists of revoked certificates that are in use, one for each configured source.

mod folder;
mod refresh;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::crl::{self, Kind, ListFault, RevokedList};
use crate::fetch::Version;
use crate::serial::Serial;
use crate::settings::Settings;
use crate::trust::{AuthorityId, ListSource, Trust};

use folder::Folder;

/// The lists, each behind a lock that is held for an assignment.
pub(crate) struct Lists {
    slots: Vec<Slot>,
    folder: Folder,
    grace: SignedDuration,
    every: SignedDuration,
    /// Held while lists are fetched: one round at a time.
    refreshing: tokio::sync::Mutex<()>,
}

struct Slot {
    source: ListSource,
    /// The configuration's files that name it.
    files: Vec<usize>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    list: Option<Arc<RevokedList>>,
    /// Of the bytes that are on disk, which alone may stay where they are.
    version: Version,
    /// Whether the list is on disk too, for the next start.
    is_kept: bool,
    /// When it is fetched next; `None`: at once.
    due: Option<Timestamp>,
    /// Why the last try failed, so that it is logged once.
    failure: Option<String>,
}

/// What the lists tell of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    Revoked,
    Good,
    /// A list speaks of it, but too long ago.
    TooOld,
    /// No list speaks of it.
    Missing,
}

/// A source of revocations, for an operator's eyes.
#[derive(Clone, Debug)]
pub struct ListStatus {
    pub source: String,
    /// Whose list it is; `None` where none could be read yet, as all that follows but `failure`.
    pub authority: Option<String>,
    pub revoked: usize,
    pub this_update: Option<Timestamp>,
    pub next_update: Option<Timestamp>,
    /// Whether it is taken at its word, "not revoked" too: until its next update and the grace beyond.
    pub is_believed: bool,
    /// Why the last try to renew it failed.
    pub failure: Option<String>,
}

impl Lists {
    /// Opens the folder, removes what is nobody's any more, and reads what was fetched before and what lies in files of its own.
    pub(crate) fn open(settings: Settings, trust: &Trust, now: Timestamp) -> Result<Self, std::io::Error> {
        let folder = Folder::new(settings.folder.clone());
        folder.prepare(settings.authorities.iter().flat_map(|file| &file.lists), now)?;
        Ok(Self::read(settings, trust, now))
    }

    /// The same, leaving the folder as it is.
    pub(crate) fn read(settings: Settings, trust: &Trust, now: Timestamp) -> Self {
        let mut slots: Vec<Slot> = Vec::new();
        for (place, file) in settings.authorities.into_iter().enumerate() {
            for source in file.lists {
                match slots.iter_mut().find(|slot| slot.source == source) {
                    Some(slot) => slot.files.push(place),
                    None => slots.push(Slot {
                        source,
                        files: vec![place],
                        state: Mutex::default(),
                    }),
                }
            }
        }
        let lists = Self {
            slots,
            folder: Folder::new(settings.folder),
            grace: settings.grace,
            every: settings.refresh,
            refreshing: tokio::sync::Mutex::default(),
        };
        for slot in &lists.slots {
            let read = match &slot.source {
                ListSource::Url(url) => lists.folder.load(url).transpose(),
                ListSource::File(path) => Some(folder::read_bounded(path)),
            };
            if let Some(read) = read {
                let outcome = read.and_then(|bytes| slot.accept(&bytes, trust, now));
                slot.state().is_kept = outcome.is_ok();
                slot.settle(outcome.map(drop), None);
            }
        }
        lists
    }

    /// What the newest list that speaks of this certificate says. A list is believed until its next update and the grace beyond;
    /// what it revoked stays revoked.
    pub(crate) fn lookup(
        &self,
        authority: AuthorityId,
        serial: Serial,
        kind: Kind,
        points: &[String],
        now: Timestamp,
    ) -> Listed {
        let newest = self
            .slots
            .iter()
            .filter_map(|slot| slot.state().list.clone())
            .filter(|list| list.authority == authority && list.scope.covers(kind, points))
            .reduce(|best, other| if best.is_older_than(&other) { other } else { best });
        let Some(list) = newest else {
            return Listed::Missing;
        };
        if list.revokes(serial) {
            Listed::Revoked
        } else if self.believes(&list, now) {
            Listed::Good
        } else {
            Listed::TooOld
        }
    }

    fn believes(&self, list: &RevokedList, now: Timestamp) -> bool {
        now <= later(list.next_update, self.grace)
    }

    /// Whether a source that the authority's files name has brought no list yet: it could be this authority's.
    pub(crate) fn may_come(&self, authority: AuthorityId, trust: &Trust) -> bool {
        let files = &trust.authority(authority).files;
        self.slots
            .iter()
            .filter(|slot| slot.files.iter().any(|file| files.contains(file)))
            .any(|slot| slot.state().list.is_none())
    }

    pub(crate) fn status(&self, trust: &Trust, now: Timestamp) -> Vec<ListStatus> {
        let status = |slot: &Slot| {
            let state = slot.state();
            let list = state.list.as_deref();
            ListStatus {
                source: slot.name(),
                authority: list.map(|list| trust.authority(list.authority).name.clone()),
                revoked: list.map_or(0, |list| list.revoked.len()),
                this_update: list.map(|list| list.this_update),
                next_update: list.map(|list| list.next_update),
                is_believed: list.is_some_and(|list| self.believes(list, now)),
                failure: state.failure.clone(),
            }
        };
        self.slots.iter().map(status).collect()
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn name(&self) -> String {
        match &self.source {
            ListSource::Url(url) => url.clone(),
            ListSource::File(path) => path.display().to_string(),
        }
    }

    /// Puts a list into the slot, if it may follow the one there; whether it is another one.
    fn accept(&self, bytes: &[u8], trust: &Trust, now: Timestamp) -> Result<bool, ListFault> {
        let new = crl::read(bytes, trust, now)?;
        let current = self.state().list.clone();
        if let Some(current) = current {
            if current.authority != new.authority {
                if now <= current.next_update {
                    return Err(ListFault::OtherAuthority);
                }
            } else if new.is_older_than(&current) {
                return Err(ListFault::Older);
            } else if !current.is_older_than(&new) {
                return Ok(false);
            }
        }
        let mut state = self.state();
        state.list = Some(Arc::new(new));
        state.is_kept = false;
        Ok(true)
    }

    /// Writes down how a try ended and when the next is due; says so in the log where it is news.
    fn settle(&self, outcome: Result<(), ListFault>, due: Option<Timestamp>) {
        let failure = outcome.err().map(|fault| fault.to_string());
        let mut state = self.state();
        state.due = due;
        if state.failure == failure {
            return;
        }
        if let Some(reason) = &failure {
            tracing::warn!(source = self.name(), reason, "list of revoked cards not renewed");
        } else {
            tracing::info!(source = self.name(), "list of revoked cards renewed again");
        }
        state.failure = failure;
    }
}

/// A moment so much later, or the last there is.
pub(crate) fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
