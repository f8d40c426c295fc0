//! A person who asked for an account follows the link: the address is theirs.

use core::net::IpAddr;

use portique_shared::api::recovery::LinkState;

use super::Tools;
use super::links::{self, LinkError};
use crate::application::RequestState;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::link::{LinkToken, Target};
use crate::portal::Portal;
use crate::reference::Reference;

/// The address of a request is proved: the request is the agency's from now on.
pub async fn prove_address(
    tools: &Tools,
    portal: &Portal,
    token: &LinkToken,
    address: IpAddr,
) -> Result<Reference, LinkError> {
    let opened = links::open(tools, portal, token, address).await?;
    let unknown = || LinkError::Spent(LinkState::Unknown);
    let Target::Application(id) = opened.link.target else {
        return Err(unknown());
    };
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let mut request = unit.account_request_for_update(id).await?.ok_or_else(unknown)?;
    if !unit.spend_link(opened.link.hash, now).await? {
        return Err(LinkError::Spent(LinkState::Used));
    }
    if request.state == RequestState::Unproved {
        request.state = RequestState::Waiting;
        unit.save_account_request(&request).await?;
    }
    unit.audit(&[AuditEvent {
        at: now,
        portal: request.portal.clone(),
        action: AuditAction::AddressProved,
        result: AuditResult::Success,
        factor: "",
        account: None,
        address: Some(address),
    }])
    .await?;
    unit.commit().await?;
    Ok(request.reference)
}
