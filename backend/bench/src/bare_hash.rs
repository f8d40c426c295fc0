//! The yardstick of a sign-in: argon2id alone, with the parameters of Portique, its memory kept from hash to hash.

use std::thread;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::meter;

/// As `portique-domain` decides them; [`check`] makes sure.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Makes sure that what is compared with is what the server does.
pub fn check(stored: &str) -> anyhow::Result<()> {
    let expected = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
    anyhow::ensure!(
        stored.starts_with(&expected),
        "the server hashes with other parameters than {expected}"
    );
    Ok(())
}

/// Threads' worth of working memory.
pub struct BareHashing {
    memories: Vec<Vec<Block>>,
    params: Params,
}

/// What hashing for a while gave.
pub struct Hashed {
    pub per_second: f64,
    /// Milliseconds of processor a hash.
    pub cpu_ms: f64,
}

impl BareHashing {
    pub fn new(threads: usize) -> anyhow::Result<Self> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32))?;
        let memories = vec![vec![Block::new(); params.block_count()]; threads];
        Ok(Self { memories, params })
    }

    /// Hashes on `threads` threads (at most those made) for `span` at least.
    pub fn run(&mut self, threads: usize, span: Duration) -> anyhow::Result<Hashed> {
        let params = &self.params;
        let cpu = meter::cpu_time();
        let done: Vec<(u32, Duration)> = thread::scope(|scope| {
            let running: Vec<_> = self
                .memories
                .iter_mut()
                .take(threads)
                .map(|memory| scope.spawn(|| hash_for(span, params, memory)))
                .collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or(Err(argon2::Error::MemoryTooLittle)))
                .collect::<Result<_, _>>()
        })?;
        let cpu = meter::cpu_time().saturating_sub(cpu);
        let hashes: u32 = done.iter().map(|(count, _)| count).sum();
        Ok(Hashed {
            per_second: done
                .iter()
                .map(|(count, elapsed)| f64::from(*count) / elapsed.as_secs_f64())
                .sum(),
            cpu_ms: cpu.as_secs_f64() * 1e3 / f64::from(hashes),
        })
    }
}

fn hash_for(span: Duration, params: &Params, memory: &mut [Block]) -> Result<(u32, Duration), argon2::Error> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let start = meter::now();
    let mut count = 0;
    let mut output = [0; 32];
    while start.elapsed() < span {
        argon2.hash_password_into_with_memory(b"Portique#2026", &[7; 16], &mut output, &mut *memory)?;
        count += 1;
    }
    Ok((count, start.elapsed()))
}
