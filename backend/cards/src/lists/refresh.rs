//! Keeps the lists fresh.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use crate::crl::ListFault;
use crate::fetch::{Fetch, Fetched, MAX_LIST_BYTES, Version};
use crate::trust::{ListSource, Trust};

use super::folder::read_bounded;
use super::{Lists, Slot, later};

/// How soon a failed fetch is tried again at the latest.
const RETRY: SignedDuration = SignedDuration::from_mins(5);

/// How soon a list is fetched again at the earliest, whatever it says of its successor.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);

/// How many are fetched at a time: one that dribbles for minutes must not hold up the rest, nor all of them, of 256 MiB at most
/// each, be in memory at once.
const AT_ONCE: usize = 4;

impl Lists {
    /// Fetches what is due. Returns at once where another call is still at it.
    pub(crate) async fn refresh_due(
        self: &Arc<Self>,
        trust: &Arc<Trust>,
        fetch: &Arc<dyn Fetch>,
        now: Timestamp,
    ) {
        let Ok(_alone) = self.refreshing.try_lock() else {
            return;
        };
        let is_due = |slot: &Slot| slot.state().due.is_none_or(|due| now >= due);
        let mut waiting = (0..self.slots.len()).filter(|place| is_due(&self.slots[*place]));
        let mut fetching = JoinSet::new();
        loop {
            while fetching.len() < AT_ONCE
                && let Some(place) = waiting.next()
            {
                let (lists, trust, fetch) = (Arc::clone(self), Arc::clone(trust), Arc::clone(fetch));
                fetching.spawn(async move { lists.renew(place, &trust, fetch.as_ref(), now).await });
            }
            match fetching.join_next().await {
                None => return,
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::error!(%error, "the fetching of a list of revoked cards broke off");
                }
            }
        }
    }

    /// Fetches one, and writes down how it ended and when it is due again.
    async fn renew(self: &Arc<Self>, place: usize, trust: &Arc<Trust>, fetch: &dyn Fetch, now: Timestamp) {
        let slot = &self.slots[place];
        let outcome = self.refresh(place, trust, fetch, now).await;
        let pause = if outcome.is_ok() {
            self.every
        } else {
            self.every.min(RETRY)
        };
        let mut due = later(now, pause);
        if let Some(announced) = slot.state().next_update() {
            // A list whose successor is announced sooner is fetched then.
            due = due.min(announced.max(later(now, pause.min(RETRY))));
        }
        slot.settle(outcome, Some(due.max(later(now, PAUSE))));
    }

    async fn refresh(
        self: &Arc<Self>,
        place: usize,
        trust: &Arc<Trust>,
        fetch: &dyn Fetch,
        now: Timestamp,
    ) -> Result<(), ListFault> {
        let slot = &self.slots[place];
        let (bytes, version) = match &slot.source {
            ListSource::File(_) => (None, Version::default()),
            ListSource::Url(url) => {
                let known = slot.state().known(now);
                let fetched = fetch.get(url, &known).await;
                match fetched.map_err(|error| ListFault::Fetch(error.to_string()))? {
                    Fetched::Unchanged => return Ok(()),
                    Fetched::File { bytes, .. } if bytes.len() > MAX_LIST_BYTES => {
                        return Err(ListFault::TooLarge);
                    }
                    Fetched::File { bytes, version } => (Some(bytes), version),
                }
            }
        };
        // A million entries are half a second's work: not on the threads that answer requests.
        let (lists, trust) = (Arc::clone(self), Arc::clone(trust));
        tokio::task::spawn_blocking(move || lists.take(place, bytes, version, &trust, now))
            .await
            .map_err(|_| ListFault::Storage("the reading was ended".to_owned()))?
    }

    /// Reads what was fetched (or the slot's own file), and keeps it for the next start.
    fn take(
        &self,
        place: usize,
        fetched: Option<Vec<u8>>,
        version: Version,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<(), ListFault> {
        let slot = &self.slots[place];
        match (&slot.source, fetched) {
            (ListSource::Url(url), Some(bytes)) => {
                let list = slot.accept(&bytes, trust, now)?;
                // A version that was refused, or is not on disk yet, is asked for again.
                slot.state().version = Version::default();
                let is_kept = slot
                    .state()
                    .kept
                    .as_ref()
                    .is_some_and(|kept| Arc::ptr_eq(kept, &list));
                if !is_kept {
                    self.folder.keep(url, &bytes)?;
                }
                let mut state = slot.state();
                state.kept = Some(list);
                state.version = version;
            }
            (ListSource::File(path), _) => {
                slot.accept(&read_bounded(path)?, trust, now)?;
            }
            (ListSource::Url(_), None) => {}
        }
        Ok(())
    }
}
