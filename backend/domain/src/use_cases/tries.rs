//! Counting tries before it is known whether they are wrong, and forgiving those that were right.

use jiff::Timestamp;

use super::Tools;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, Throttle, ThrottleKey, ThrottleKind};

/// A try that was taken: how its throttles stood just after it was counted.
pub(super) struct Counted(Vec<Throttle>);

impl Counted {
    /// Both, counted one after the other.
    pub(super) fn and(mut self, after: Self) -> Self {
        self.0.extend(after.0);
        self
    }

    /// How the throttle of that kind stood just after.
    pub(super) fn of(&self, kind: ThrottleKind) -> Option<&Throttle> {
        self.0.iter().find(|throttle| throttle.key.kind == kind)
    }
}

/// Counts a try under the keys, given in the locks' order: the account, or whatever stands for one person, before the
/// address, before the portal.
///
/// Where an address or a portal is among them, no account is locked in the same transaction afterwards: who waits for one, as during
/// an import, keeps nobody from what strangers count by.
///
/// The database counts at once what it locks; only what it can't know (a delay, a new day, a refusal) is written again.
pub(super) async fn reserve(
    unit: &mut dyn UnitOfWork,
    keys: &[ThrottleKey],
    now: Timestamp,
) -> Result<Result<Counted, Blocked>, StoreError> {
    let before = unit.count_tries(keys, now).await?;
    let mut after = before.clone();
    let taken = charge(&mut after, now);
    for (after, before) in after.iter().zip(&before) {
        if *after != before.with_one_more() {
            unit.save_throttle(after).await?;
        }
    }
    Ok(taken.map(|()| Counted(after)))
}

/// Charges a try to the throttles, the account's before the address's.
///
/// A try on a blocked account is still one from its address: who goes through the accounts of a portal meets the
/// address's limit, blocked as they may be. A blocked address charges no account: whoever sits there could block
/// everybody's. Where both are blocked, the account's delay is told. A try that anything blocks charges no portal, and no address
/// with an SMS: one client that is sent away again and again would spend what all share.
fn charge(throttles: &mut [Throttle], now: Timestamp) -> Result<(), Blocked> {
    let before = throttles.to_vec();
    let mut verdict = Ok(());
    for throttle in throttles.iter_mut().rev() {
        let mut charged = throttle.clone();
        let reserved = charged.reserve(now);
        if verdict.is_ok() && reserved.is_ok() {
            *throttle = charged;
        }
        verdict = reserved.and(verdict);
    }
    if verdict.is_err() {
        for (throttle, before) in throttles.iter_mut().zip(before) {
            if throttle.key.kind.counts_no_refusal() {
                *throttle = before;
            }
        }
    }
    verdict
}

/// The try was right: it clears the account's count; of any other, only itself is taken back.
pub(super) async fn forgive(unit: &mut dyn UnitOfWork, counted: &Counted) -> Result<(), StoreError> {
    forgive_each(unit, counted.0.iter()).await
}

/// [`forgive`], as far as one person's count is concerned: before their account is locked.
pub(super) async fn forgive_own(unit: &mut dyn UnitOfWork, counted: &Counted) -> Result<(), StoreError> {
    forgive_each(
        unit,
        counted.0.iter().filter(|throttle| !throttle.key.kind.is_shared()),
    )
    .await
}

/// [`forgive`], as far as counts are concerned that strangers share: once whatever may be waited for is locked.
pub(super) async fn forgive_shared(unit: &mut dyn UnitOfWork, counted: &Counted) -> Result<(), StoreError> {
    forgive_each(
        unit,
        counted.0.iter().filter(|throttle| throttle.key.kind.is_shared()),
    )
    .await
}

/// Takes tries back for which nothing was done in the end, in a transaction of their own.
async fn undo(tools: &Tools, counted: &Counted) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    for throttle in &counted.0 {
        take_back(unit.as_mut(), throttle).await?;
    }
    unit.commit().await
}

/// What was counted before, ready to be done.
pub(super) struct Ready<T> {
    pub(super) unit: Box<dyn UnitOfWork>,
    /// Whether `unit` does what was counted.
    pub(super) done: bool,
    pub(super) outcome: T,
}

/// Commits what is ready, and takes the tries back that nothing is done for. Whatever failed before the commit, such as the wait for
/// an account that an import holds, nothing was done; a commit that fails may have been carried out, and leaves them counted.
pub(super) async fn commit_or_undo<T, E: From<StoreError>>(
    tools: &Tools,
    counted: Option<&Counted>,
    ready: Result<Ready<T>, E>,
) -> Result<T, E> {
    let (outcome, done) = match ready {
        Ok(Ready { unit, done, outcome }) => {
            unit.commit().await?;
            (Ok(outcome), done)
        }
        Err(error) => (Err(error), false),
    };
    if let (Some(counted), false) = (counted, done) {
        undo(tools, counted).await?;
    }
    outcome
}

async fn forgive_each(
    unit: &mut dyn UnitOfWork,
    counted: impl Iterator<Item = &Throttle> + Send,
) -> Result<(), StoreError> {
    for throttle in counted {
        match throttle.key.kind {
            ThrottleKind::Account | ThrottleKind::OwnPassword => unit.clear_throttle(&throttle.key).await?,
            _ => take_back(unit, throttle).await?,
        }
    }
    Ok(())
}

async fn take_back(unit: &mut dyn UnitOfWork, counted: &Throttle) -> Result<(), StoreError> {
    // Swept meanwhile: there is nothing to take the try back from.
    let Some(mut throttle) = unit.throttle_for_update(&counted.key).await? else {
        return Ok(());
    };
    throttle.take_back(counted);
    unit.save_throttle(&throttle).await
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::portal::PortalName;

    fn now() -> Timestamp {
        "2026-01-05T08:00:00Z".parse().unwrap()
    }

    /// An account's throttle and an address's, blocked for so many minutes (0 for not at all).
    fn throttles(account_minutes: i64, address_minutes: i64) -> [Throttle; 2] {
        let portal = PortalName::parse("paca").unwrap();
        let keys = [
            ThrottleKey::account(&portal, "jeanne"),
            ThrottleKey::address(&portal, [192, 0, 2, 1].into()),
        ];
        let mut minutes = [account_minutes, address_minutes].into_iter();
        keys.map(|key| Throttle {
            blocked_until: now() + SignedDuration::from_mins(minutes.next().unwrap()),
            ..Throttle::fresh(key, now())
        })
    }

    /// What was charged to the account and to the address, and the minutes told, if any.
    fn charged(account_minutes: i64, address_minutes: i64) -> ([u32; 2], Option<i64>) {
        let mut throttles = throttles(account_minutes, address_minutes);
        let verdict = charge(&mut throttles, now());
        let told = verdict.err().map(|blocked| blocked.retry_after.as_mins());
        (throttles.map(|throttle| throttle.failures), told)
    }

    #[test]
    fn a_try_is_charged_to_the_account_and_to_the_address() {
        assert_eq!(charged(0, 0), ([1, 1], None));
    }

    #[test]
    fn a_try_on_a_blocked_account_is_still_one_from_its_address() {
        assert_eq!(charged(3, 0), ([0, 1], Some(3)));
    }

    #[test]
    fn a_blocked_address_charges_no_account() {
        assert_eq!(charged(0, 7), ([0, 0], Some(7)));
    }

    #[test]
    fn a_try_that_is_sent_away_charges_no_portal() {
        let portal = PortalName::parse("paca").unwrap();
        let key = ThrottleKey::portal(ThrottleKind::CodePortal, &portal);
        for (account, address, expected) in [(0, 0, 1), (3, 0, 0), (0, 7, 0)] {
            let mut all = throttles(account, address).to_vec();
            all.push(Throttle::fresh(key.clone(), now()));
            let verdict = charge(&mut all, now());
            assert_eq!(verdict.is_ok(), expected == 1);
            assert_eq!(all[2].failures, expected, "{account} {address}");
        }
    }

    #[test]
    fn an_sms_that_is_refused_is_charged_to_nobody() {
        let portal = PortalName::parse("paca").unwrap();
        let keys = [
            ThrottleKey::text(ThrottleKind::SmsAccount, &portal, "jeanne"),
            ThrottleKey::client(ThrottleKind::SmsAddress, &portal, [192, 0, 2, 1].into()),
            ThrottleKey::portal(ThrottleKind::SmsPortal, &portal),
        ];
        for blocked in [None, Some(0), Some(1)] {
            let mut all = keys.clone().map(|key| Throttle::fresh(key, now()));
            if let Some(blocked) = blocked {
                all[blocked].blocked_until = now() + SignedDuration::from_mins(3);
            }
            let verdict = charge(&mut all, now());
            let charged = all.map(|throttle| throttle.failures);
            let expected = if verdict.is_ok() { [1; 3] } else { [0; 3] };
            assert_eq!((verdict.is_err(), charged), (blocked.is_some(), expected));
        }
    }

    #[test]
    fn where_both_are_blocked_nothing_is_charged_and_the_accounts_delay_is_told() {
        assert_eq!(charged(3, 7), ([0, 0], Some(3)));
    }
}
