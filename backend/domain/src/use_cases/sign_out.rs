//! Signing out.

use core::net::IpAddr;

use super::Tools;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::portal::Portal;
use crate::session::SessionToken;
use crate::store::StoreError;

/// Ends the session. Signing out of a session that has ended already is no error: the person wanted it ended.
pub async fn sign_out(
    tools: &Tools,
    portal: &Portal,
    token: &SessionToken,
    address: IpAddr,
) -> Result<(), StoreError> {
    let Some(found) = tools.store.session(&portal.name, token.hash()).await? else {
        return Ok(());
    };
    let mut unit = tools.store.begin().await?;
    if unit.delete_session(found.session.token).await? {
        unit.audit(&[AuditEvent {
            at: tools.clock.now(),
            portal: portal.name.clone(),
            action: AuditAction::SignOut,
            result: AuditResult::Success,
            factor: "",
            account: Some(found.account.id),
            authenticator: None,
            address: Some(address),
        }])
        .await?;
    }
    unit.commit().await
}
