use jiff::Timestamp;
use portique_domain::application::{AccountRequest, DECIDED_KEPT, RequestState};
use portique_domain::folding::fold;
use portique_domain::link::REMEMBERED;
use portique_domain::portal::PortalName;
use portique_domain::recovery::Application;
use portique_domain::reference::Reference;
use portique_domain::store::StoreResult;
use portique_shared::Language;
use portique_shared::types::{EmailAddress, NationalId};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::locks_rows;
use crate::columns::{Word, millis, timestamp, unreadable};
use crate::entities::account_request::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, request: &AccountRequest) -> StoreResult<()> {
    Entity::insert(row(request).into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn save(connection: &impl ConnectionTrait, request: &AccountRequest) -> StoreResult<()> {
    row(request)
        .into_active_model()
        .reset_all()
        .update(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> StoreResult<Option<AccountRequest>> {
    let row = locked(connection, Entity::find_by_id(id)).one(connection).await;
    row.map_err(store_error)?.map(read).transpose()
}

pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> StoreResult<Option<AccountRequest>> {
    let row = Entity::find_by_id(id)
        .one(connection)
        .await
        .map_err(store_error)?;
    row.map(read).transpose()
}

pub(crate) async fn undecided(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    folded_email: &str,
) -> StoreResult<Vec<AccountRequest>> {
    let undecided = [RequestState::Unproved, RequestState::Waiting].map(Word::word);
    let select = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::FoldedEmail.eq(folded_email))
        .filter(Column::State.is_in(undecided))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    let rows = locked(connection, select).all(connection).await;
    rows.map_err(store_error)?.into_iter().map(read).collect()
}

pub(crate) async fn by_reference(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    reference: &Reference,
) -> StoreResult<Option<AccountRequest>> {
    let select = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::Reference.eq(reference.as_str()))
        .order_by_desc(Column::CreatedAt);
    let row = select.one(connection).await.map_err(store_error)?;
    row.map(read).transpose()
}

pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    portal: Option<&PortalName>,
    state: Option<RequestState>,
    limit: u64,
) -> StoreResult<Vec<AccountRequest>> {
    let mut select = Entity::find();
    if let Some(portal) = portal {
        select = select.filter(Column::Portal.eq(portal.as_str()));
    }
    if let Some(state) = state {
        select = select.filter(Column::State.eq(Word::word(state)));
    }
    let rows = select
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    Entity::delete_by_id(id)
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Takes away what nobody proved, since it may name somebody who never asked, and what was decided long ago.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    let unproved = Condition::all()
        .add(Column::State.eq(Word::word(RequestState::Unproved)))
        .add(Column::CreatedAt.lte(millis(now - REMEMBERED)));
    let decided = Column::DecidedAt.lte(millis(now - DECIDED_KEPT));
    Entity::delete_many()
        .filter(Condition::any().add(unproved).add(decided))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

fn locked(connection: &impl ConnectionTrait, select: Select<Entity>) -> Select<Entity> {
    if locks_rows(connection) {
        select.lock(LockType::Update)
    } else {
        select
    }
}

fn row(request: &AccountRequest) -> Model {
    let application = &request.application;
    Model {
        id: request.id,
        portal: request.portal.to_string(),
        reference: request.reference.as_str().to_owned(),
        given_name: application.given_name.clone(),
        family_name: application.family_name.clone(),
        profession: application.profession.clone(),
        national_id: application.national_id.as_ref().map(|id| id.number().to_owned()),
        email: application.email.to_string(),
        folded_email: fold(application.email.as_str()),
        language: request.language.tag().to_owned(),
        state: Word::word(request.state).to_owned(),
        created_at: millis(request.created_at),
        decided_at: request.decided_at.map(millis),
    }
}

fn read(row: Model) -> StoreResult<AccountRequest> {
    Ok(AccountRequest {
        id: row.id,
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("account_requests.portal"))?,
        reference: Reference::parse(&row.reference)
            .ok_or_else(|| unreadable("account_requests.reference"))?,
        application: Application {
            given_name: row.given_name,
            family_name: row.family_name,
            profession: row.profession,
            national_id: row
                .national_id
                .map(|number| {
                    NationalId::parse(&number).map_err(|_| unreadable("account_requests.national_id"))
                })
                .transpose()?,
            email: EmailAddress::parse(&row.email).map_err(|_| unreadable("account_requests.email"))?,
        },
        language: Language::from_tag(&row.language).ok_or_else(|| unreadable("account_requests.language"))?,
        state: RequestState::from_word(&row.state, "account_requests.state")?,
        created_at: timestamp(row.created_at, "account_requests.created_at")?,
        decided_at: row
            .decided_at
            .map(|at| timestamp(at, "account_requests.decided_at"))
            .transpose()?,
    })
}
