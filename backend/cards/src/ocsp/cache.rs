//! What responders said lately, so that a certificate is asked for once, whoever waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use portique_domain::entropy::{Entropy, random_bytes};
use x509_cert::serial_number::SerialNumber;

use crate::fetch::Fetch;
use crate::lists::later;
use crate::serial::Serial;
use crate::trust::{AuthorityId, Trust};

use super::{Answer, Question, read};

/// Certificates whose answers are kept, some 200 bytes each. Only those get here that an authority issued.
const CAPACITY: usize = 50_000;

/// How long an answer is taken for the present state at most: what was revoked since must not sign in for days because its
/// responder signs ahead.
const MAX_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long one is that names no next update: long enough for one sign-in's steps.
const KEPT_WITHOUT_END: SignedDuration = SignedDuration::from_mins(1);

/// How long a responder that failed is left in peace, so that not every sign-in waits for it.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

type Key = (AuthorityId, Serial);

#[derive(Default)]
pub(crate) struct Ocsp {
    entries: Mutex<HashMap<Key, Arc<Entry>>>,
    /// Until when responders that failed are not asked, and why.
    resting: Mutex<HashMap<AuthorityId, (Timestamp, String)>>,
}

#[derive(Default)]
struct Entry {
    /// Held while the responder is asked: whoever comes with the same certificate waits, and finds the answer.
    flight: tokio::sync::Mutex<()>,
    last: Mutex<Option<Kept>>,
}

#[derive(Clone, Copy)]
struct Kept {
    is_revoked: bool,
    at: Timestamp,
    until: Timestamp,
}

/// What is known of a certificate by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Revoked,
    Good,
    /// The responder fails; within the grace, it said "good" before.
    WasGood,
    /// The responder fails, and nothing recent is known.
    Unknown,
}

/// A certificate to ask for.
pub(crate) struct Subject<'a> {
    pub(crate) issuer: AuthorityId,
    pub(crate) serial: Serial,
    pub(crate) written: &'a SerialNumber,
}

/// What asking takes.
pub(crate) struct Means<'a> {
    pub(crate) trust: &'a Trust,
    pub(crate) fetch: &'a dyn Fetch,
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) grace: SignedDuration,
    pub(crate) now: Timestamp,
}

impl Ocsp {
    /// What the responder at `url` says of a certificate, or said so lately that it still counts. `is_listed` tells of a serial
    /// number of the same authority whether its list revokes it.
    pub(crate) async fn ask(
        &self,
        url: &str,
        subject: &Subject<'_>,
        means: &Means<'_>,
        is_listed: impl Fn(Serial) -> bool + Send,
    ) -> Asked {
        let entry = self.entry((subject.issuer, subject.serial), means);
        if let Some(answer) = entry.fresh(means.now) {
            return answer;
        }
        let _flight = entry.flight.lock().await;
        // Whoever was in flight has answered for all who waited.
        if let Some(answer) = entry.fresh(means.now) {
            return answer;
        }
        if !self.is_resting(subject.issuer, means.now) {
            match question(url, subject, means, is_listed).await {
                Ok(answer) => {
                    entry.keep(answer, means.now);
                    self.is_well(subject.issuer, url);
                }
                Err(Trouble::Exchange(reason)) => {
                    self.rest(subject.issuer, url, reason, later(means.now, PAUSE));
                }
                // A bad answer for one certificate says nothing of the next, which is asked for at once.
                Err(Trouble::Answer(reason)) => self.rest(subject.issuer, url, reason, means.now),
            }
        }
        entry.last_word(means)
    }

    fn entry(&self, key: Key, means: &Means<'_>) -> Arc<Entry> {
        let mut entries = locked(&self.entries);
        if entries.len() >= CAPACITY && !entries.contains_key(&key) {
            make_room(&mut entries, means);
        }
        Arc::clone(entries.entry(key).or_default())
    }

    fn is_resting(&self, issuer: AuthorityId, now: Timestamp) -> bool {
        locked(&self.resting)
            .get(&issuer)
            .is_some_and(|(until, _)| now < *until)
    }

    /// Leaves a responder in peace until then, and says why where it is news.
    fn rest(&self, issuer: AuthorityId, url: &str, reason: String, until: Timestamp) {
        let mut resting = locked(&self.resting);
        if resting.get(&issuer).is_none_or(|(_, known)| *known != reason) {
            tracing::warn!(url, reason, "no good answer from the OCSP responder");
        }
        resting.insert(issuer, (until, reason));
    }

    fn is_well(&self, issuer: AuthorityId, url: &str) {
        if locked(&self.resting).remove(&issuer).is_some() {
            tracing::info!(url, "good answers from the OCSP responder again");
        }
    }
}

enum Trouble {
    Exchange(String),
    Answer(String),
}

async fn question(
    url: &str,
    subject: &Subject<'_>,
    means: &Means<'_>,
    is_listed: impl Fn(Serial) -> bool + Send,
) -> Result<Answer, Trouble> {
    let issuer = means.trust.authority(subject.issuer);
    let unwritable = |error: der::Error| Trouble::Answer(error.to_string());
    let question = Question::new(issuer, subject.written, random_bytes(means.entropy)).map_err(unwritable)?;
    let request = question.to_der().map_err(unwritable)?;
    let bytes = means
        .fetch
        .ask(url, request)
        .await
        .map_err(|error| Trouble::Exchange(error.to_string()))?;
    read(&bytes, &question, issuer, is_listed, means.now).map_err(|fault| Trouble::Answer(fault.to_string()))
}

impl Entry {
    fn fresh(&self, now: Timestamp) -> Option<Asked> {
        let kept = (*locked(&self.last))?;
        // A clock that was set back must not keep an answer for ever.
        (kept.at <= later(now, PAUSE) && now < kept.until).then_some(if kept.is_revoked {
            Asked::Revoked
        } else {
            Asked::Good
        })
    }

    fn keep(&self, answer: Answer, now: Timestamp) {
        let until = match answer.next_update {
            Some(next) => next.min(later(now, MAX_KEPT)),
            None => later(now, KEPT_WITHOUT_END),
        };
        *locked(&self.last) = Some(Kept {
            is_revoked: answer.is_revoked,
            at: now,
            until,
        });
    }

    /// What is known after the responder was asked, or failed.
    fn last_word(&self, means: &Means<'_>) -> Asked {
        match *locked(&self.last) {
            Some(kept) if kept.is_revoked => Asked::Revoked,
            Some(kept) if kept.at == means.now => Asked::Good,
            Some(kept) if means.now <= later(kept.at, means.grace) => Asked::WasGood,
            _ => Asked::Unknown,
        }
    }
}

/// Forgets what is past its grace, else the older half: an answer more is asked for again, no worse.
fn make_room(entries: &mut HashMap<Key, Arc<Entry>>, means: &Means<'_>) {
    let moment = |entry: &Entry| locked(&entry.last).map_or(Timestamp::MIN, |kept| kept.at);
    entries.retain(|_, entry| means.now <= later(moment(entry), means.grace) || Arc::strong_count(entry) > 1);
    if entries.len() < CAPACITY {
        return;
    }
    let mut moments: Vec<_> = entries.values().map(|entry| moment(entry)).collect();
    let middle = moments.len() / 2;
    let (_, median, _) = moments.select_nth_unstable(middle);
    let median = *median;
    entries.retain(|_, entry| moment(entry) > median || Arc::strong_count(entry) > 1);
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
