use jiff::Timestamp;
use portique_domain::portal::PortalName;
use portique_domain::recovery::Asked;
use portique_domain::reference::Reference;
use portique_domain::store::StoreResult;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::locks_rows;
use crate::columns::{count, millis, timestamp};
use crate::entities::asked::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, asked: &Asked) -> StoreResult<()> {
    let row = Model {
        portal: asked.portal.to_string(),
        reference: asked.reference.as_str().to_owned(),
        sealed: asked.sealed.clone(),
        resend_from: millis(asked.resend_from),
        expires_at: millis(asked.expires_at),
        resends: i64::from(asked.resends),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    reference: &Reference,
) -> StoreResult<Option<Asked>> {
    let mut select = Entity::find_by_id((portal.to_string(), reference.as_str().to_owned()));
    if locks_rows(connection) {
        select = select.lock(LockType::Update);
    }
    let Some(row) = select.one(connection).await.map_err(store_error)? else {
        return Ok(None);
    };
    Ok(Some(Asked {
        reference: reference.clone(),
        portal: portal.clone(),
        sealed: row.sealed,
        resend_from: timestamp(row.resend_from, "asked.resend_from")?,
        expires_at: timestamp(row.expires_at, "asked.expires_at")?,
        resends: count(row.resends, "asked.resends")?,
    }))
}

pub(crate) async fn delete(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    reference: &Reference,
) -> StoreResult<bool> {
    let deleted = Entity::delete_by_id((portal.to_string(), reference.as_str().to_owned()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected > 0)
}

pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    let mut over = Query::select();
    over.columns([Column::Portal, Column::Reference])
        .from(Entity)
        .and_where(Column::ExpiresAt.lte(millis(now)));
    if locks_rows(connection) {
        // One that is being sent again is left for the next time: waiting for it, while it waits for a throttle's row
        // swept before, neither would go on.
        over.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let key = Expr::tuple([Expr::col(Column::Portal), Expr::col(Column::Reference)]);
    Entity::delete_many()
        .filter(key.in_subquery(over))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
