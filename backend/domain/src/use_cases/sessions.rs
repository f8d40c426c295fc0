//! A person sees their own sessions, and ends those that they do not want.

use core::cmp::Reverse;
use core::net::IpAddr;

use jiff::Timestamp;

use super::Tools;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::session::{Session, SessionId, SessionOf};
use crate::store::StoreError;

/// The live sessions of who holds `of`, that one among them; the one used last first.
pub async fn list(tools: &Tools, of: &SessionOf) -> Result<Vec<Session>, StoreError> {
    let now = tools.clock.now();
    let mut sessions = tools.store.sessions_of(of.account.id).await?;
    sessions.retain(|session| session.is_live(now));
    // Of several used at one instant the order is the same each time.
    sessions.sort_by_key(|session| (Reverse(session.last_used.at), session.id.0));
    Ok(sessions)
}

/// Ends one of the person's own sessions. `false` when none of theirs is called so, and nothing is written then.
pub async fn end(tools: &Tools, of: &SessionOf, id: SessionId, address: IpAddr) -> Result<bool, StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    if !unit.delete_session_by_id(of.account.id, id, now).await? {
        return Ok(false);
    }
    unit.audit(&[event(of, AuditAction::SessionEnded, address, now)])
        .await?;
    unit.commit().await?;
    Ok(true)
}

/// Ends all of the person's sessions but the one that they hold, and whatever sign-in of theirs waits for its second step.
/// `false` when that one was ended meanwhile, and nothing is written then: a session that is no more ends no others.
pub async fn end_others(tools: &Tools, of: &SessionOf, address: IpAddr) -> Result<bool, StoreError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    // Several rows go, as at a change of password: with the account held, neither waits for a row of the other's.
    unit.account_for_update(of.account.id).await?;
    let ended = unit.delete_other_sessions(of.account.id, of.session.token);
    if ended.await?.is_none() {
        return Ok(false);
    }
    unit.audit(&[event(of, AuditAction::OtherSessionsEnded, address, now)])
        .await?;
    unit.commit().await?;
    Ok(true)
}

fn event(of: &SessionOf, action: AuditAction, address: IpAddr, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: of.session.portal.clone(),
        action,
        result: AuditResult::Success,
        factor: "",
        account: Some(of.account.id),
        authenticator: None,
        address: Some(address),
    }
}
