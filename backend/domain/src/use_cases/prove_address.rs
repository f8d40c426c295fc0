//! A person who asked for an account follows the link: the address is theirs.

use core::net::IpAddr;

use portique_shared::api::recovery::LinkState;

use super::Tools;
use super::links::{self, LinkError};
use crate::application::RequestState;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::folding::fold;
use crate::link::{LinkToken, Target};
use crate::portal::Portal;
use crate::recovery::Application;
use crate::reference::Reference;

/// The address of a request is proved: the request is the agency's from now on. What else was asked for with this address,
/// perhaps by others, is forgotten: its owner says which request is theirs.
pub async fn prove_address(
    tools: &Tools,
    portal: &Portal,
    token: &LinkToken,
    address: IpAddr,
) -> Result<Reference, LinkError> {
    let opened = links::open(tools, portal, token, address).await?;
    let unknown = || LinkError::Spent(LinkState::Unknown);
    let Application { email, .. } = &opened.request().ok_or_else(unknown)?.application;
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    // All of the address's, in one order: two proofs at one instant never wait for each other.
    let mut requests = unit
        .undecided_requests_of(&portal.name, &fold(email.as_str()))
        .await?;
    let proved = requests
        .iter()
        .position(|request| Target::Application(request.id) == opened.link.target)
        .ok_or_else(unknown)?;
    let mut request = requests.swap_remove(proved);
    if !unit.spend_link(opened.link.hash, now).await? {
        return Err(LinkError::Spent(LinkState::Used));
    }
    if request.state == RequestState::Unproved {
        request.state = RequestState::Waiting;
        unit.save_account_request(&request).await?;
        for other in requests {
            if other.state == RequestState::Unproved {
                unit.delete_account_request(other.id).await?;
            }
        }
    }
    unit.audit(&[AuditEvent {
        at: now,
        portal: request.portal.clone(),
        action: AuditAction::AddressProved,
        result: AuditResult::Success,
        factor: "",
        account: None,
        authenticator: None,
        address: Some(address),
    }])
    .await?;
    unit.commit().await?;
    Ok(request.reference)
}
