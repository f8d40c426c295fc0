//! Hashing and verifying: argon2id, on threads of its own, bounded.
//!
//! One hash costs a core some 15 ms and 19 MiB. If requests hashed as they came, a flood would take the memory and the
//! processors from everybody; here at most one hash runs per thread, a bounded number waits, the rest is told to come back.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{Password, PasswordHash};
use crate::entropy::{Entropy, random_bytes};

/// OWASP's first choice for argon2id, and the project's decision: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// Hashes waiting for each thread before newcomers are turned away. 64 × 15 ms is about a second: longer, and the
/// person has pressed the button again.
const QUEUED_PER_THREAD: usize = 64;

/// A secret kept outside the database and mixed into every hash, so that a stolen database alone can't be guessed at.
#[derive(Clone, Default)]
pub struct Pepper(Option<Arc<[u8]>>);

impl Pepper {
    pub fn none() -> Self {
        Self(None)
    }

    pub fn new(secret: &[u8]) -> Self {
        Self(Some(secret.into()))
    }
}

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

/// What [`Turn::verify`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verification {
    pub matches: bool,
    /// The hash was made with other parameters than today's: hash the password anew.
    pub outdated: bool,
}

impl PasswordHasher {
    /// Starts `threads` hashing threads (at least one). They end when the last clone and the last turn are dropped.
    pub fn start(threads: usize, pepper: &Pepper, entropy: &dyn Entropy) -> Self {
        let threads = threads.max(1);
        let (jobs, queue) = channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let queue = Arc::clone(&queue);
            let mut engine = Engine::new(pepper.clone());
            thread::spawn(move || work(&queue, &mut engine));
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

fn work(queue: &Mutex<Receiver<Job>>, engine: &mut Engine) {
    loop {
        // Held only while waiting for a job; a poisoned lock still guards a sound queue.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(engine),
            Err(_) => return,
        }
    }
}

/// One thread's argon2, with its working memory kept from hash to hash.
struct Engine {
    pepper: Pepper,
    memory: Vec<Block>,
}

impl Engine {
    fn new(pepper: Pepper) -> Self {
        Self {
            pepper,
            memory: Vec::new(),
        }
    }

    fn hash(&mut self, password: &str, salt: [u8; SALT_BYTES]) -> PasswordHash {
        let params = current_params();
        let mut output = [0; OUTPUT_BYTES];
        self.derive(&params, password, &salt, &mut output)
            .expect("a 16-byte salt, a 32-byte output and a password under 4 GiB are within argon2's bounds");
        let phc = Phc {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&params)
                .try_into()
                .expect("three small decimals fit in PHC's parameters"),
            salt: Some(Salt::new(&salt).expect("16 bytes are within PHC's bounds")),
            hash: Some(Output::new(&output).expect("32 bytes are within PHC's bounds")),
        };
        PasswordHash(phc.to_string())
    }

    fn verify(&mut self, password: &str, stored: &PasswordHash) -> Verification {
        let refused = Verification {
            matches: false,
            outdated: true,
        };
        let Ok(phc) = Phc::new(stored.as_str()) else {
            return refused;
        };
        let (Some(salt), Some(expected), Ok(params)) =
            (phc.salt.as_ref(), phc.hash.as_ref(), Params::try_from(&phc))
        else {
            return refused;
        };
        if phc.algorithm != Algorithm::Argon2id.ident() {
            return refused;
        }
        let mut output = vec![0; expected.as_bytes().len()];
        if self
            .derive(&params, password, salt.as_ref(), &mut output)
            .is_err()
        {
            return refused;
        }
        let today = current_params();
        let outdated = (params.m_cost(), params.t_cost(), params.p_cost())
            != (today.m_cost(), today.t_cost(), today.p_cost());
        Verification {
            matches: output.ct_eq(expected.as_bytes()).into(),
            outdated,
        }
    }

    fn derive(
        &mut self,
        params: &Params,
        password: &str,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), argon2::Error> {
        let argon2 = match &self.pepper.0 {
            Some(pepper) => {
                Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params.clone())?
            }
            None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone()),
        };
        if self.memory.len() < params.block_count() {
            self.memory.resize(params.block_count(), Block::new());
        }
        argon2.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut self.memory[..params.block_count()],
        )
    }
}

fn current_params() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).expect("constants within argon2's bounds")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeroes;

    impl Entropy for Zeroes {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[tokio::test]
    async fn a_hash_matches_its_password_and_no_other() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let hash = hasher
            .turn()
            .unwrap()
            .hash(&Password::new("Portique#2026"), &Zeroes)
            .await
            .unwrap();
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
        let right = hasher
            .turn()
            .unwrap()
            .verify(&Password::new("Portique#2026"), Some(&hash))
            .await
            .unwrap();
        assert_eq!(
            right,
            Verification {
                matches: true,
                outdated: false
            }
        );
        let wrong = hasher
            .turn()
            .unwrap()
            .verify(&Password::new("portique#2026"), Some(&hash))
            .await
            .unwrap();
        assert!(!wrong.matches);
    }

    #[tokio::test]
    async fn two_spellings_of_one_accent_are_one_password() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let hash = hasher
            .turn()
            .unwrap()
            .hash(&Password::new("Ete\u{301}#2026aaa"), &Zeroes)
            .await
            .unwrap();
        assert!(
            hasher
                .turn()
                .unwrap()
                .verify(&Password::new("Et\u{e9}#2026aaa"), Some(&hash))
                .await
                .unwrap()
                .matches
        );
    }

    #[tokio::test]
    async fn nobody_never_matches_not_even_with_the_decoys_password() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let found = hasher
            .turn()
            .unwrap()
            .verify(&Password::new("a password that nobody has"), None)
            .await
            .unwrap();
        assert!(!found.matches);
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_still_matches_and_is_told_outdated() {
        let params = Params::new(8_192, 1, 1, Some(32)).unwrap();
        let mut output = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into(b"Portique#2026", &[1; 16], &mut output)
            .unwrap();
        let phc = Phc {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: (&params).try_into().unwrap(),
            salt: Some(Salt::new(&[1; 16]).unwrap()),
            hash: Some(Output::new(&output).unwrap()),
        };
        let hasher = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let found = hasher
            .turn()
            .unwrap()
            .verify(
                &Password::new("Portique#2026"),
                Some(&PasswordHash(phc.to_string())),
            )
            .await
            .unwrap();
        assert_eq!(
            found,
            Verification {
                matches: true,
                outdated: true
            }
        );
    }

    #[tokio::test]
    async fn without_the_pepper_a_peppered_hash_matches_nothing() {
        let peppered = PasswordHasher::start(1, &Pepper::new(b"kept elsewhere"), &Zeroes);
        let bare = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let password = Password::new("Portique#2026");
        let hash = peppered.turn().unwrap().hash(&password, &Zeroes).await.unwrap();
        assert!(
            peppered
                .turn()
                .unwrap()
                .verify(&password, Some(&hash))
                .await
                .unwrap()
                .matches
        );
        assert!(
            !bare
                .turn()
                .unwrap()
                .verify(&password, Some(&hash))
                .await
                .unwrap()
                .matches
        );
    }

    #[tokio::test]
    async fn when_too_many_wait_the_next_is_turned_away_at_once() {
        let hasher = PasswordHasher::start(1, &Pepper::none(), &Zeroes);
        let turns: Vec<Turn> = (0..QUEUED_PER_THREAD).map(|_| hasher.turn().unwrap()).collect();
        assert_eq!(hasher.turn().err(), Some(HasherBusy));
        drop(turns);
        assert!(
            hasher.turn().is_ok(),
            "the pool serves again once the queue is drained"
        );
    }
}
