//! Reading a session, and keeping it alive.

use core::net::IpAddr;

use super::Tools;
use crate::account::AccountStatus;
use crate::portal::Portal;
use crate::session::{SessionOf, SessionToken, Use};
use crate::store::StoreError;

/// The live session behind `token` on `portal`. Reading it does not extend it.
pub async fn find(
    tools: &Tools,
    portal: &Portal,
    token: &SessionToken,
) -> Result<Option<SessionOf>, StoreError> {
    let found = tools.store.session(&portal.name, token.hash()).await?;
    let now = tools.clock.now();
    Ok(found.filter(|of| of.session.is_live(now) && of.account.status == AccountStatus::Active))
}

/// Starts a live session's idle time anew; the absolute end stays. `None` when it ended in between.
pub async fn extend(
    tools: &Tools,
    portal: &Portal,
    mut of: SessionOf,
    address: IpAddr,
) -> Result<Option<SessionOf>, StoreError> {
    let now = tools.clock.now();
    let idle_expires_at = of.session.extended(portal.sessions, now);
    let used = Use {
        at: now,
        from: Some(address.to_canonical()),
    };
    let mut unit = tools.store.begin().await?;
    let extended = unit
        .extend_session(of.session.token, idle_expires_at, used)
        .await?;
    unit.commit().await?;
    of.session.last_used = used;
    of.session.idle_expires_at = idle_expires_at;
    Ok(extended.then_some(of))
}
