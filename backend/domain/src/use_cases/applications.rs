//! Requests for accounts: a person proves their address, the agency accepts or refuses.

use core::net::IpAddr;

use jiff::Timestamp;
use portique_shared::api::recovery::LinkState;
use portique_shared::types::Identifier;
use uuid::Uuid;

use super::Tools;
use super::links::{self, LinkError};
use crate::account::{Account, AccountId, AccountStatus, PasswordState, Privileges, Record};
use crate::application::{AccountRequest, RequestState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::new_id;
use crate::link::{LinkToken, Target};
use crate::outbox::Message;
use crate::portal::Portal;
use crate::reference::Reference;
use crate::store::{StoreError, UnitOfWork};

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
    let event = AuditEvent {
        address: Some(address),
        ..event(&request, AuditAction::AddressProved, None, now)
    };
    unit.audit(&[event]).await?;
    unit.commit().await?;
    Ok(request.reference)
}

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("no request on this portal has this reference")]
    Unknown,
    #[error("the request is {} already, not waiting for a decision", .0.word())]
    NotWaiting(RequestState),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accepts a request: an account is created under `identifier`, and its invitation queued.
///
/// # Errors
/// [`StoreError::Conflict`] when the identifier is taken on the portal.
pub async fn accept(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
    identifier: Identifier,
) -> Result<(), DecideError> {
    let now = tools.clock.now();
    let (mut unit, mut request) = waiting(tools, portal, reference).await?;
    let application = &request.application;
    let account = Account {
        id: AccountId(new_id(tools.entropy.as_ref(), now)),
        portal: portal.name.clone(),
        record: Record {
            identifier,
            email: application.email.clone(),
            rescue_email: None,
            rescue_phone: None,
            civility: None,
            given_name: application.given_name.clone(),
            family_name: application.family_name.clone(),
            profession: Some(application.profession.clone()),
            national_id: application.national_id.clone(),
            privileges: Privileges::default(),
        },
        status: AccountStatus::Active,
        password: PasswordState::None,
        language: request.language,
        created_at: now,
        last_sign_in_at: None,
    };
    let message = Message::Invitation {
        reference: Some(request.reference.clone()),
    };
    request.state = RequestState::Accepted;
    unit.insert_accounts(std::slice::from_ref(&account)).await?;
    unit.save_account_request(&request).await?;
    unit.enqueue(&[tools.message(&message, &portal.name, Some(account.id), now)])
        .await?;
    unit.audit(&[
        event(&request, AuditAction::AccountCreated, Some(account.id), now),
        event(&request, AuditAction::RequestAccepted, Some(account.id), now),
    ])
    .await?;
    unit.commit().await?;
    Ok(())
}

/// Refuses a request; the mail tells the agency's `reason`, which may be empty.
pub async fn refuse(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
    reason: &str,
) -> Result<(), DecideError> {
    let now = tools.clock.now();
    let (mut unit, mut request) = waiting(tools, portal, reference).await?;
    request.state = RequestState::Refused;
    let message = Message::RequestRefused {
        email: request.application.email.clone(),
        reference: request.reference.clone(),
        language: request.language,
        reason: reason.to_owned(),
    };
    unit.save_account_request(&request).await?;
    unit.enqueue(&[tools.message(&message, &portal.name, None, now)])
        .await?;
    unit.audit(&[event(&request, AuditAction::RequestRefused, None, now)])
        .await?;
    unit.commit().await?;
    Ok(())
}

/// The request that waits under this reference, locked.
async fn waiting(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
) -> Result<(Box<dyn UnitOfWork>, AccountRequest), DecideError> {
    let id = find(tools, portal, reference).await?;
    let mut unit = tools.store.begin().await?;
    let request = unit
        .account_request_for_update(id)
        .await?
        .ok_or(DecideError::Unknown)?;
    match request.state {
        RequestState::Waiting => Ok((unit, request)),
        state => Err(DecideError::NotWaiting(state)),
    }
}

async fn find(tools: &Tools, portal: &Portal, reference: &Reference) -> Result<Uuid, DecideError> {
    let found = tools
        .store
        .account_request(&portal.name, reference)
        .await?
        .ok_or(DecideError::Unknown)?;
    Ok(found.id)
}

fn event(
    request: &AccountRequest,
    action: AuditAction,
    account: Option<AccountId>,
    at: Timestamp,
) -> AuditEvent {
    AuditEvent {
        at,
        portal: request.portal.clone(),
        action,
        result: AuditResult::Success,
        factor: "",
        account,
        address: None,
    }
}
