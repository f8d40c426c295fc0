use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::link::{Link, LinkHash, REMEMBERED, Target};
use portique_domain::portal::PortalName;
use portique_domain::store::StoreResult;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::columns::{millis, timestamp, unreadable};
use crate::entities::link::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    hash: LinkHash,
) -> StoreResult<Option<Link>> {
    let row = Entity::find_by_id(hash.0.to_vec())
        .filter(Column::Portal.eq(portal.as_str()))
        .one(connection)
        .await
        .map_err(store_error)?;
    let Some(row) = row else { return Ok(None) };
    let at = |millis: Option<i64>, column| millis.map(|at| timestamp(at, column)).transpose();
    Ok(Some(Link {
        hash,
        portal: portal.clone(),
        target: match (row.account_id, row.request_id) {
            (Some(account), None) => Target::NewPassword(AccountId(account)),
            (None, Some(request)) => Target::Application(request),
            _ => return Err(unreadable("links.account_id")),
        },
        expires_at: timestamp(row.expires_at, "links.expires_at")?,
        spent_at: at(row.spent_at, "links.spent_at")?,
        replaced_at: at(row.replaced_at, "links.replaced_at")?,
    }))
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, link: &Link) -> StoreResult<()> {
    let (account_id, request_id) = match link.target {
        Target::NewPassword(account) => (Some(account.0), None),
        Target::Application(request) => (None, Some(request)),
    };
    let row = Model {
        token_hash: link.hash.0.to_vec(),
        portal: link.portal.to_string(),
        account_id,
        request_id,
        expires_at: millis(link.expires_at),
        spent_at: link.spent_at.map(millis),
        replaced_at: link.replaced_at.map(millis),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    target: Target,
    now: Timestamp,
) -> StoreResult<()> {
    let to_target = match target {
        Target::NewPassword(account) => Column::AccountId.eq(account.0),
        Target::Application(request) => Column::RequestId.eq(request),
    };
    Entity::update_many()
        .col_expr(Column::ReplacedAt, millis(now).into())
        .filter(to_target)
        .filter(good(now))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// One statement, so that of two at one instant one finds it spent.
pub(crate) async fn spend(
    connection: &impl ConnectionTrait,
    hash: LinkHash,
    now: Timestamp,
) -> StoreResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::SpentAt, millis(now).into())
        .filter(Column::TokenHash.eq(hash.0.to_vec()))
        .filter(good(now))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

fn good(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::SpentAt.is_null())
        .add(Column::ReplacedAt.is_null())
        .add(Column::ExpiresAt.gt(millis(now)))
}

pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(millis(now - REMEMBERED)))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
