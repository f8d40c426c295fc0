//! What SMS cost is bounded: for an account, an address, and the portal's day.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use crate::account::AccountId;
use crate::portal::Portal;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, DAY, ThrottleKey, ThrottleKind};
use crate::use_cases::tries::{self, Counted};

/// Counts an SMS, or tells until when none can be sent, and counts nothing then.
pub(in crate::use_cases) async fn spend(
    unit: &mut dyn UnitOfWork,
    portal: &Portal,
    account: AccountId,
    address: IpAddr,
    now: Timestamp,
) -> Result<Result<Counted, Blocked>, StoreError> {
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
    let whole = counted.of(ThrottleKind::SmsPortal);
    let Some(whole) = whole.filter(|whole| whole.failures > portal.second_factor.sms_per_day) else {
        return Ok(Ok(counted));
    };
    let retry_after = (whole.since + DAY).duration_since(now);
    // Nothing is sent: nobody's own share is spent, and the portal's count stands still at its budget.
    tries::forgive(unit, &counted).await?;
    Ok(Err(Blocked {
        retry_after: retry_after.max(SignedDuration::from_secs(1)),
    }))
}
