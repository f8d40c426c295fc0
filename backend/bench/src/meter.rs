//! Stopwatches and scales: elapsed time, the processor's time, memory.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Now, for measuring only.
#[expect(clippy::disallowed_methods, reason = "what measures needs a stopwatch")]
pub fn now() -> Instant {
    Instant::now()
}

/// The processor's time that all threads of this process have used.
pub fn cpu_time() -> Duration {
    time_of(ClockId::ProcessCPUTime)
}

/// The same of this thread alone.
pub fn thread_cpu_time() -> Duration {
    time_of(ClockId::ThreadCPUTime)
}

fn time_of(clock: ClockId) -> Duration {
    let used = clock_gettime(clock);
    let seconds = u64::try_from(used.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(used.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}

/// Memory of a process.
#[derive(Clone, Copy)]
pub struct Memory {
    /// MiB.
    pub resident: f64,
    /// MiB, since the process began or [`forget_peak`].
    pub peak: f64,
}

/// This process's memory.
pub fn own_memory() -> anyhow::Result<Memory> {
    memory(Path::new("/proc/self/status"))
}

/// Another's, while it lives.
pub fn memory_of(process: u32) -> anyhow::Result<Memory> {
    memory(Path::new(&format!("/proc/{process}/status")))
}

fn memory(status: &Path) -> anyhow::Result<Memory> {
    let text = fs::read_to_string(status)?;
    let field = |name: &str| -> anyhow::Result<f64> {
        let kibibytes = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB"));
        let Some(kibibytes) = kibibytes else {
            anyhow::bail!("{} has no {name}", status.display());
        };
        Ok(kibibytes.trim().parse::<f64>()? / 1024.0)
    };
    Ok(Memory {
        resident: field("VmRSS:")?,
        peak: field("VmHWM:")?,
    })
}

/// Counts this process's peak of memory from now on.
pub fn forget_peak() -> std::io::Result<()> {
    fs::write("/proc/self/clear_refs", "5")
}

/// How many threads can run at once.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
