//! Counting tries before it is known whether they are wrong.

use jiff::Timestamp;

use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey};

/// Counts a try under every key, or, where one of them takes none yet, under none.
///
/// The database counts at once what it locks; only what it can't know (a delay, a new day, a refusal) is written again.
pub(super) async fn reserve(
    unit: &mut dyn UnitOfWork,
    keys: &[ThrottleKey],
    now: Timestamp,
) -> Result<Result<(), Blocked>, StoreError> {
    let before = unit.count_tries(keys, now).await?;
    let mut after = before.clone();
    let blocked = after.iter_mut().try_for_each(|throttle| throttle.reserve(now));
    let right = if blocked.is_ok() { &after } else { &before };
    for (right, before) in right.iter().zip(&before) {
        if *right != before.with_one_more() {
            unit.save_throttle(right).await?;
        }
    }
    Ok(blocked)
}
