//! What responders said lately, so that a certificate is asked for once, whoever waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use portique_domain::entropy::{Entropy, random_bytes};
use x509_cert::serial_number::SerialNumber;

use crate::fetch::Fetch;
use crate::lists::{Listed, later};
use crate::serial::Serial;
use crate::trust::{AuthorityId, Trust};

use super::{Answer, Question, Said, read};

/// Certificates whose answers are kept, some 200 bytes each. Only those get here that an authority issued.
const CAPACITY: usize = 50_000;

/// How long an answer is taken for the present state at most: what was revoked since must not sign in for days because its
/// responder signs ahead.
const MAX_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long one is that names no next update, or knows no such certificate (a new card may not be known everywhere yet): long enough
/// for one sign-in's steps.
const KEPT_BRIEFLY: SignedDuration = SignedDuration::from_mins(1);

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
    said: Said,
    at: Timestamp,
    until: Timestamp,
}

/// What is known of a certificate by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Revoked,
    Good,
    /// The responder knows of no such certificate.
    Disowned,
    /// The responder fails; within the grace, it said "good" before, and nothing since.
    WasGood,
    /// The responder fails, and nothing recent is known.
    Unknown,
}

impl From<Said> for Asked {
    fn from(said: Said) -> Self {
        match said {
            Said::Good => Self::Good,
            Said::Revoked => Self::Revoked,
            Said::Unknown => Self::Disowned,
        }
    }
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
    /// What the responder at `url` says of a certificate, or said so lately that it still counts. `listed` tells what the same
    /// authority's lists say of a serial number, and of who bears it that names these distribution points.
    pub(crate) async fn ask(
        &self,
        url: &str,
        subject: &Subject<'_>,
        means: &Means<'_>,
        listed: impl Fn(Serial, &[String]) -> Listed + Send,
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
            match question(url, subject, means, listed).await {
                Ok(answer) => {
                    if answer.said == Said::Unknown {
                        let issuer = &means.trust.authority(subject.issuer).name;
                        tracing::warn!(
                            url,
                            issuer,
                            "the OCSP responder knows no certificate of a number that its authority signed"
                        );
                    }
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
            // Past the grace, not even a "good" is worth keeping.
            make_room(&mut entries, CAPACITY, later(means.now, -means.grace));
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
    listed: impl Fn(Serial, &[String]) -> Listed + Send,
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
    read(&bytes, &question, issuer, listed, means.now).map_err(|fault| Trouble::Answer(fault.to_string()))
}

impl Entry {
    fn fresh(&self, now: Timestamp) -> Option<Asked> {
        let kept = (*locked(&self.last))?;
        // A clock that was set back must not keep an answer for ever.
        (kept.at <= later(now, PAUSE) && now < kept.until).then_some(kept.said.into())
    }

    fn keep(&self, answer: Answer, now: Timestamp) {
        let most = match (answer.said, answer.next_update) {
            (Said::Unknown, _) | (_, None) => KEPT_BRIEFLY,
            _ => MAX_KEPT,
        };
        let most = later(now, most);
        let until = answer.next_update.map_or(most, |next| next.min(most));
        let mut last = locked(&self.last);
        // What is revoked may be forgotten in time, and is no better for it.
        if answer.said == Said::Unknown && last.is_some_and(|kept| kept.said == Said::Revoked) {
            return;
        }
        *last = Some(Kept {
            said: answer.said,
            at: now,
            until,
        });
    }

    /// What is known after the responder was asked, or failed. Only a "good" ends with the grace.
    fn last_word(&self, means: &Means<'_>) -> Asked {
        match *locked(&self.last) {
            Some(kept) if kept.said != Said::Good || kept.at == means.now => kept.said.into(),
            Some(kept) if means.now <= later(kept.at, means.grace) => Asked::WasGood,
            _ => Asked::Unknown,
        }
    }
}

/// Forgets what was said before `oldest`, and of the rest the older half where that makes no room: it is asked for again, no worse.
/// Whoever is being asked for stays.
fn make_room(entries: &mut HashMap<Key, Arc<Entry>>, capacity: usize, oldest: Timestamp) {
    let moment = |entry: &Entry| locked(&entry.last).map_or(Timestamp::MIN, |kept| kept.at);
    let is_in_flight = |entry: &Arc<Entry>| Arc::strong_count(entry) > 1;
    entries.retain(|_, entry| moment(entry) >= oldest || is_in_flight(entry));
    if entries.len() < capacity {
        return;
    }
    let mut moments: Vec<_> = entries.values().map(|entry| moment(entry)).collect();
    let middle = moments.len() / 2;
    let (_, median, _) = moments.select_nth_unstable(middle);
    let median = *median;
    entries.retain(|_, entry| moment(entry) > median || is_in_flight(entry));
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(hour))
    }

    /// What was said of cards of these numbers, at the hour of the same number.
    fn kept(hours: std::ops::Range<u8>) -> HashMap<Key, Arc<Entry>> {
        let entry = |hour: u8| {
            let entry = Entry::default();
            let answer = Answer {
                said: Said::Good,
                next_update: None,
            };
            entry.keep(answer, at(i64::from(hour)));
            (key(hour), Arc::new(entry))
        };
        hours.map(entry).collect()
    }

    fn key(number: u8) -> Key {
        (0, Serial::from_integer(&[number]).expect("a short one"))
    }

    fn left(entries: &HashMap<Key, Arc<Entry>>) -> Vec<u8> {
        (0..=255)
            .filter(|number| entries.contains_key(&key(*number)))
            .collect()
    }

    #[test]
    fn room_is_made_of_what_is_past_its_grace_and_else_of_the_older_half() {
        let mut entries = kept(0..10);
        make_room(&mut entries, 10, at(3));
        assert_eq!(left(&entries), [3, 4, 5, 6, 7, 8, 9]);
        make_room(&mut entries, 7, at(3));
        assert_eq!(left(&entries), [7, 8, 9]);
    }

    #[test]
    fn whoever_is_being_asked_for_is_not_forgotten() {
        let mut entries = kept(0..4);
        let _flight = Arc::clone(&entries[&key(0)]);
        make_room(&mut entries, 2, at(0));
        assert_eq!(left(&entries), [0, 3]);
    }
}
