use jiff::Timestamp;
use portique_domain::portal::PortalName;
use portique_domain::recovery::Asked;
use portique_domain::reference::Reference;
use portique_domain::store::StoreResult;
use portique_shared::Language;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::locks_rows;
use crate::columns::{count, millis, timestamp, unreadable};
use crate::entities::asked::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, asked: &Asked) -> StoreResult<()> {
    let row = Model {
        portal: asked.portal.to_string(),
        reference: asked.reference.as_str().to_owned(),
        sealed: asked.sealed.clone(),
        language: asked.language.tag().to_owned(),
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
        language: Language::from_tag(&row.language).ok_or_else(|| unreadable("asked.language"))?,
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
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(millis(now)))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
