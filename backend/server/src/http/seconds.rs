//! Lengths of time as answers tell them: whole seconds.

use jiff::SignedDuration;

/// Of a wait: who waits exactly so long does not come too early.
pub fn to_wait(wait: SignedDuration) -> u32 {
    let whole = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    u32::try_from(whole).unwrap_or_default()
}

/// Of a time in which something is taken: what comes within them is taken.
pub fn left(left: SignedDuration) -> u32 {
    u32::try_from(left.as_secs()).unwrap_or_default()
}
