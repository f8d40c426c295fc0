//! What SMS cost is bounded: for an account, an address, and the portal's day.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::account::AccountId;
use crate::portal::Portal;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, DAY, ThrottleKey, ThrottleKind};
use crate::use_cases::tries;

/// Counts an SMS, or tells until when none can be sent.
pub(in crate::use_cases) async fn spend(
    unit: &mut dyn UnitOfWork,
    portal: &Portal,
    account: AccountId,
    address: IpAddr,
    now: Timestamp,
) -> Result<Result<(), Blocked>, StoreError> {
    // The locks' order: whatever stands for one person, the address, the portal.
    let keys = [
        ThrottleKey::text(ThrottleKind::SmsAccount, &portal.name, &account.0.to_string()),
        ThrottleKey::client(ThrottleKind::SmsAddress, &portal.name, address),
        ThrottleKey::portal(ThrottleKind::SmsPortal, &portal.name),
    ];
    let counted = match tries::reserve(unit, &keys, now).await? {
        Ok(counted) => counted,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let Some(whole) = counted.of(ThrottleKind::SmsPortal) else {
        return Ok(Ok(()));
    };
    if whole.failures <= portal.second_factor.sms_per_day {
        return Ok(Ok(()));
    }
    let retry_after = (whole.since + DAY).duration_since(now);
    // Nothing is sent: nobody's own share is spent, and the portal's count stands still at its budget.
    tries::forgive(unit, &counted).await?;
    Ok(Err(Blocked {
        retry_after: retry_after.max(SignedDuration::from_secs(1)),
    }))
}
