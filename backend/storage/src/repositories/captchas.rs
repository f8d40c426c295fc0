use jiff::Timestamp;
use portique_domain::captcha::Captcha;
use portique_domain::store::StoreResult;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::columns::{millis, timestamp, unreadable};
use crate::entities::captcha::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, captcha: &Captcha) -> StoreResult<()> {
    Entity::insert(row(captcha))
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// One statement, so that of two at one instant one finds it gone.
pub(crate) async fn take(connection: &impl ConnectionTrait, key: [u8; 32]) -> StoreResult<Option<Captcha>> {
    let mut delete = Query::delete();
    delete
        .from_table(Entity)
        .and_where(Column::Key.eq(key.to_vec()))
        .returning(Query::returning().columns([Column::Answer, Column::ExpiresAt]));
    let Some(row) = connection.query_one(&delete).await.map_err(store_error)? else {
        return Ok(None);
    };
    let answer: Option<i16> = row.try_get_by_index(0).map_err(store_error)?;
    let expires_at: i64 = row.try_get_by_index(1).map_err(store_error)?;
    Ok(Some(Captcha {
        key,
        answer: answer
            .map(|cell| u8::try_from(cell).map_err(|_| unreadable("captchas.answer")))
            .transpose()?,
        expires_at: timestamp(expires_at, "captchas.expires_at")?,
    }))
}

/// `false` when the key stands there already.
pub(crate) async fn spend(connection: &impl ConnectionTrait, captcha: &Captcha) -> StoreResult<bool> {
    let written = Entity::insert(row(captcha))
        .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await
        .map_err(store_error)?;
    Ok(written > 0)
}

pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::ExpiresAt.lte(millis(now)))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

fn row(captcha: &Captcha) -> ActiveModel {
    Model {
        key: captcha.key.to_vec(),
        answer: captcha.answer.map(i16::from),
        expires_at: millis(captcha.expires_at),
    }
    .into_active_model()
}
