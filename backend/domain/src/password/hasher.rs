//! Hashing and verifying: argon2id, on threads of its own, bounded.
//!
//! One hash costs a core some 15 ms and 19 MiB. If requests hashed as they came, a flood would take the memory and the
//! processors from everybody; here at most one hash runs per thread, a bounded number waits, the rest is told to come back.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::engine::{Engine, Pepper, SALT_BYTES, Verification};
use super::{Password, PasswordHash};
use crate::entropy::{Entropy, random_bytes};

/// Hashes waiting for each thread before newcomers are turned away. 64 × 15 ms is about a second: longer, and the
/// person has pressed the button again.
const QUEUED_PER_THREAD: usize = 64;

/// Too many hashes are waiting already: come back in a second or so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being verified at once")]
pub struct HasherBusy;

/// The pool of hashing threads. Cloning shares it.
#[derive(Clone)]
pub struct PasswordHasher {
    jobs: Sender<Job>,
    turns: Arc<Semaphore>,
    /// Verified against when there is no account, so that nobody costs what somebody costs.
    decoy: PasswordHash,
}

/// A place in the pool's queue. Taken before anything else is done, so that who is turned away has cost nothing.
pub struct Turn {
    jobs: Sender<Job>,
    decoy: PasswordHash,
    /// Given back when the turn is dropped.
    _place: OwnedSemaphorePermit,
}

type Job = Box<dyn FnOnce(&mut Engine) + Send>;

impl PasswordHasher {
    /// Starts `threads` hashing threads (at least one). They end when the last clone and the last turn are dropped.
    pub fn start(threads: usize, pepper: &Pepper, entropy: &dyn Entropy) -> Self {
        let threads = threads.max(1);
        let (jobs, queue) = channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        let engines: Engines = (0..threads).map(|_| Engine::new(pepper.clone())).collect();
        let engines = Arc::new(Mutex::new(engines));
        for _ in 0..threads {
            let (queue, engines) = (Arc::clone(&queue), Arc::clone(&engines));
            thread::spawn(move || work(&queue, &engines));
        }
        let decoy = Engine::new(pepper.clone()).hash("a password that nobody has", random_bytes(entropy));
        let turns = Arc::new(Semaphore::new(threads * QUEUED_PER_THREAD));
        Self { jobs, turns, decoy }
    }

    /// Takes a place in the queue, or tells at once that there is none.
    pub fn turn(&self) -> Result<Turn, HasherBusy> {
        let place = Arc::clone(&self.turns)
            .try_acquire_owned()
            .map_err(|_| HasherBusy)?;
        Ok(Turn {
            jobs: self.jobs.clone(),
            decoy: self.decoy.clone(),
            _place: place,
        })
    }
}

impl Turn {
    /// Hashes a new password with a fresh salt.
    pub async fn hash(
        &mut self,
        password: &Password,
        entropy: &dyn Entropy,
    ) -> Result<PasswordHash, HasherBusy> {
        let salt = random_bytes::<SALT_BYTES>(entropy);
        let password = password.clone();
        self.run(move |engine| engine.hash(password.as_str(), salt)).await
    }

    /// Whether `password` is the one that `stored` was made from. `None` (no account, no password) costs the same and
    /// never matches.
    pub async fn verify(
        &mut self,
        password: &Password,
        stored: Option<&PasswordHash>,
    ) -> Result<Verification, HasherBusy> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).clone();
        let password = password.clone();
        let found = self
            .run(move |engine| engine.verify(password.as_str(), &stored))
            .await?;
        Ok(Verification {
            matches: found.matches && exists,
            outdated: found.outdated && exists,
        })
    }

    /// One job at a time a turn, so that the turns bound the queue.
    async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Engine) -> T + Send + 'static,
    ) -> Result<T, HasherBusy> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |engine| {
            // Whoever asked may have gone (the browser closed the connection): no need to hash for nobody.
            if !answer.is_closed() {
                drop(answer.send(work(engine)));
            }
        });
        // Both fail only if every thread has died.
        self.jobs.send(job).map_err(|_| HasherBusy)?;
        answered.await.map_err(|_| HasherBusy)
    }
}

/// As many engines as threads. The last one used is taken first: its 19 MiB are still in the processor's cache, and on a
/// server at ease the memory of the others is never touched. (Taking turns costs each hash 9 % more.)
type Engines = Vec<Engine>;

fn work(queue: &Mutex<Receiver<Job>>, engines: &Mutex<Engines>) {
    loop {
        // Each lock is held for an instant, or while waiting for a job; a poisoned one still guards what is sound.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let engine = engines.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (Ok(job), Some(mut engine)) = (job, engine) else {
            return;
        };
        job(&mut engine);
        engines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(engine);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    #[tokio::test]
    async fn nobody_never_matches_not_even_with_the_decoys_password() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &SeededEntropy::new(1));
        let mut turn = hasher.turn().unwrap();
        let found = turn
            .verify(&Password::new("a password that nobody has"), None)
            .await
            .unwrap();
        assert!(!found.matches);
    }

    #[tokio::test]
    async fn two_spellings_of_one_accent_are_one_password() {
        let entropy = SeededEntropy::new(1);
        let hasher = PasswordHasher::start(1, &Pepper::none(), &entropy);
        let mut turn = hasher.turn().unwrap();
        let hash = turn
            .hash(&Password::new("Ete\u{301}#2026aaa"), &entropy)
            .await
            .unwrap();
        assert!(
            turn.verify(&Password::new("Et\u{e9}#2026aaa"), Some(&hash))
                .await
                .unwrap()
                .matches
        );
    }

    #[tokio::test]
    async fn when_too_many_wait_the_next_is_turned_away_at_once() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &SeededEntropy::new(1));
        let turns: Vec<Turn> = (0..QUEUED_PER_THREAD).map(|_| hasher.turn().unwrap()).collect();
        assert_eq!(hasher.turn().err(), Some(HasherBusy));
        drop(turns);
        assert!(
            hasher.turn().is_ok(),
            "the pool serves again once the queue is drained"
        );
    }
}
