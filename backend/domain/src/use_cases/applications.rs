//! Requests for accounts whose address is proved: the agency accepts, refuses or deletes them.

use jiff::Timestamp;
use portique_shared::types::Identifier;

use super::Tools;
use crate::account::{Account, AccountId, AccountStatus, PasswordState, Privileges, Record};
use crate::application::{AccountRequest, RequestState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::entropy::new_id;
use crate::link::Target;
use crate::outbox::Message;
use crate::portal::Portal;
use crate::reference::Reference;
use crate::store::{StoreError, UnitOfWork};

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
        wants_second_factor: false,
        language: request.language,
        created_at: now,
        last_sign_in_at: None,
    };
    let message = Message::Invitation {
        reference: Some(request.reference.clone()),
    };
    request.state = RequestState::Accepted;
    request.decided_at = Some(now);
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
    request.decided_at = Some(now);
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

/// Takes a request away with all that it says of the person, however it stands; gives how it stood. Nobody is told, and an
/// account that it led to stays.
pub async fn delete(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
) -> Result<RequestState, DecideError> {
    let now = tools.clock.now();
    let (mut unit, request) = find(tools, portal, reference).await?;
    unit.delete_account_request(request.id).await?;
    unit.replace_links(Target::Application(request.id), now).await?;
    unit.audit(&[event(&request, AuditAction::RequestDeleted, None, now)])
        .await?;
    unit.commit().await?;
    Ok(request.state)
}

/// The request that waits under this reference, locked.
async fn waiting(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
) -> Result<(Box<dyn UnitOfWork>, AccountRequest), DecideError> {
    let (unit, request) = find(tools, portal, reference).await?;
    match request.state {
        RequestState::Waiting => Ok((unit, request)),
        state => Err(DecideError::NotWaiting(state)),
    }
}

/// The request under this reference, locked.
async fn find(
    tools: &Tools,
    portal: &Portal,
    reference: &Reference,
) -> Result<(Box<dyn UnitOfWork>, AccountRequest), DecideError> {
    let found = tools.store.account_request(&portal.name, reference).await?;
    let id = found.ok_or(DecideError::Unknown)?.id;
    let mut unit = tools.store.begin().await?;
    let request = unit.account_request_for_update(id).await?;
    Ok((unit, request.ok_or(DecideError::Unknown)?))
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
        authenticator: None,
        address: None,
    }
}
