//! The lists of revoked certificates that are in use, one for each configured source.

mod folder;
mod refresh;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::crl::{self, Kind, ListFault, RevokedList};
use crate::fetch::Version;
use crate::serial::Serial;
use crate::settings::Settings;
use crate::trust::{Authority, AuthorityId, ListSource, Trust};

use folder::Folder;

/// The lists, each behind a lock that is held for an assignment.
pub(crate) struct Lists {
    slots: Vec<Slot>,
    folder: Folder,
    grace: SignedDuration,
    every: SignedDuration,
    /// Authorities of which no list speaks where one has to, as the log has been told.
    missing: Mutex<HashSet<AuthorityId>>,
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
    /// One of each authority and scope: another's, which somebody on the way may choose, takes no place but its own.
    held: Vec<Arc<RevokedList>>,
    /// The one of them that is on disk too, for the next start.
    kept: Option<Arc<RevokedList>>,
    /// Of the bytes that are on disk, which alone may stay where they are.
    version: Version,
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
    /// It was good, by a list past its next update which is still believed.
    WasGood,
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
            missing: Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
        };
        for slot in &lists.slots {
            let read = match &slot.source {
                ListSource::Url(url) => lists.folder.load(url).transpose(),
                ListSource::File(path) => Some(folder::read_bounded(path)),
            };
            if let Some(read) = read {
                let outcome = read.and_then(|bytes| slot.accept(&bytes, trust, now));
                slot.state().kept = outcome.as_ref().ok().cloned();
                slot.settle(outcome.map(drop), None);
            }
        }
        lists
    }

    /// What the lists say of this certificate: of each scope the newest, for numbers are counted in each. One that names it revokes it,
    /// whether it speaks of such certificates or not: the serial number is nobody else's. Of those that speak of it and don't name it,
    /// the one that is good for longest is believed, until its next update and the grace beyond; what was revoked stays revoked.
    pub(crate) fn lookup(
        &self,
        authority: AuthorityId,
        serial: Serial,
        kind: Kind,
        points: &[String],
        now: Timestamp,
    ) -> Listed {
        let newest = self.newest(authority);
        if newest.iter().any(|list| list.revokes(serial)) {
            return Listed::Revoked;
        }
        let covering = newest.iter().filter(|list| list.scope.covers(kind, points));
        let Some(list) = covering.max_by_key(|list| list.next_update) else {
            return Listed::Missing;
        };
        if now <= list.next_update {
            Listed::Good
        } else if self.believes(list, now) {
            Listed::WasGood
        } else {
            Listed::TooOld
        }
    }

    /// The authority's newest list of each scope, whichever source brought it.
    fn newest(&self, authority: AuthorityId) -> Vec<Arc<RevokedList>> {
        let mut newest: Vec<Arc<RevokedList>> = Vec::new();
        for list in self.slots.iter().flat_map(|slot| slot.state().held.clone()) {
            if list.authority != authority {
                continue;
            }
            match newest.iter_mut().find(|other| other.scope == list.scope) {
                Some(other) if other.is_older_than(&list) => *other = list,
                Some(_) => {}
                None => newest.push(list),
            }
        }
        newest
    }

    fn believes(&self, list: &RevokedList, now: Timestamp) -> bool {
        now <= later(list.next_update, self.grace)
    }

    /// Whether a source is configured in any of the authority's files: then a list of it has to be there. What else the sources
    /// brought says nothing of that, for whoever stands on the way to them chooses it.
    pub(crate) fn is_expected(&self, authority: AuthorityId, trust: &Trust) -> bool {
        self.slots
            .iter()
            .any(|slot| slot.is_named_for(trust.authority(authority)))
    }

    /// Says in the log, once, that cards are refused for want of this authority's list.
    pub(crate) fn complain_of_missing(&self, authority: AuthorityId, trust: &Trust) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if missing.insert(authority) {
            let authority = &trust.authority(authority).name;
            tracing::warn!(
                authority,
                "cards are refused: no list of this authority speaks of one below it"
            );
        }
    }

    pub(crate) fn status(&self, trust: &Trust, now: Timestamp) -> Vec<ListStatus> {
        self.slots
            .iter()
            .flat_map(|slot| {
                let state = slot.state();
                let status = |list: Option<&RevokedList>| ListStatus {
                    source: slot.name(),
                    authority: list.map(|list| trust.authority(list.authority).name.clone()),
                    revoked: list.map_or(0, |list| list.revoked.len()),
                    this_update: list.map(|list| list.this_update),
                    next_update: list.map(|list| list.next_update),
                    is_believed: list.is_some_and(|list| self.believes(list, now)),
                    failure: state.failure.clone(),
                };
                if state.held.is_empty() {
                    vec![status(None)]
                } else {
                    state.held.iter().map(|list| status(Some(list))).collect()
                }
            })
            .collect()
    }

    /// The authorities that have to have a list, and of which none is there that is believed: cards below them are refused.
    pub(crate) fn in_want(&self, trust: &Trust, now: Timestamp) -> Vec<String> {
        let is_told_of = |id| self.newest(id).iter().any(|list| self.believes(list, now));
        let authorities = trust.authorities().iter().enumerate();
        authorities
            .filter(|(id, _)| self.is_expected(*id, trust) && !is_told_of(*id))
            .map(|(_, authority)| authority.name.clone())
            .collect()
    }
}

impl State {
    /// When the first of them is to be followed by another.
    fn next_update(&self) -> Option<Timestamp> {
        self.held.iter().map(|list| list.next_update).min()
    }

    /// What the source may answer with that nothing changed: nothing, once a list is over. «Unchanged» would then be no answer.
    fn known(&self, now: Timestamp) -> Version {
        if self.next_update().is_some_and(|end| end < now) {
            Version::default()
        } else {
            self.version.clone()
        }
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

    /// Whether a file that names the source holds that authority: the lists of others are not its to bring.
    fn is_named_for(&self, authority: &Authority) -> bool {
        self.files.iter().any(|file| authority.files.contains(file))
    }

    /// Takes a list, if it may follow the one of its authority and scope; gives the one that stands then.
    fn accept(&self, bytes: &[u8], trust: &Trust, now: Timestamp) -> Result<Arc<RevokedList>, ListFault> {
        let new = crl::read(bytes, trust, now)?;
        let authority = trust.authority(new.authority);
        if !self.is_named_for(authority) {
            return Err(ListFault::OtherFile(authority.name.clone()));
        }
        let mut state = self.state();
        let of_its_kind =
            |held: &&mut Arc<RevokedList>| held.authority == new.authority && held.scope == new.scope;
        match state.held.iter_mut().find(of_its_kind) {
            Some(held) if new.is_older_than(held) => Err(ListFault::Older),
            Some(held) => {
                if held.is_older_than(&new) {
                    *held = Arc::new(new);
                }
                Ok(Arc::clone(held))
            }
            None => {
                let new = Arc::new(new);
                state.held.push(Arc::clone(&new));
                Ok(new)
            }
        }
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
