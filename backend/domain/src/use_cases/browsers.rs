//! A person sees which browsers stand in for their second step, and has them forgotten.

use core::cmp::Reverse;
use core::net::IpAddr;

use super::Tools;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::portal::Portal;
use crate::remembered_browser::{BrowserId, RememberedBrowser};
use crate::second_step::remembered_for;
use crate::session::SessionOf;
use crate::store::StoreError;

/// The browsers that stand in for the second step of who holds `of`; the one used last first.
pub async fn list(
    tools: &Tools,
    portal: &Portal,
    of: &SessionOf,
) -> Result<Vec<RememberedBrowser>, StoreError> {
    let Some(length) = remembered_for(&portal.second_factor, &of.account) else {
        return Ok(Vec::new());
    };
    let now = tools.clock.now();
    let mut browsers = tools.store.remembered_browsers_of(of.account.id).await?;
    browsers.retain(|browser| browser.is_live(length, now));
    browsers.sort_by_key(|browser| (Reverse(browser.last_used.at), browser.id.0));
    Ok(browsers)
}

/// Forgets one of the person's own browsers. `false` when none of theirs is called so, and nothing is written then.
pub async fn forget(
    tools: &Tools,
    of: &SessionOf,
    id: BrowserId,
    address: IpAddr,
) -> Result<bool, StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    if !unit.forget_browser(of.account.id, id, now).await? {
        return Ok(false);
    }
    unit.audit(&[AuditEvent {
        at: now,
        portal: of.session.portal.clone(),
        action: AuditAction::BrowserForgotten,
        result: AuditResult::Success,
        factor: "",
        account: Some(of.account.id),
        authenticator: None,
        address: Some(address),
    }])
    .await?;
    unit.commit().await?;
    Ok(true)
}
