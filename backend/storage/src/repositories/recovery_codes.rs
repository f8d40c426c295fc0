use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::password::PasswordHash;
use portique_domain::recovery_code::RecoveryCode;
use portique_domain::store::StoreResult;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::insert_many;
use crate::columns::{millis, timestamp, unreadable};
use crate::entities::recovery_code::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;

/// By their place.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> StoreResult<Vec<RecoveryCode>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .order_by_asc(Column::Slot)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    account: AccountId,
    codes: &[RecoveryCode],
) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .exec(connection)
        .await
        .map_err(store_error)?;
    let rows = codes.iter().map(|code| Model {
        account_id: account.0,
        slot: code.slot.into(),
        hash: code.hash.as_str().to_owned(),
        made_at: millis(code.made_at),
        used_at: code.used_at.map(millis),
    });
    insert_many::<ActiveModel, _>(connection, rows.collect()).await
}

pub(crate) async fn spend(
    connection: &impl ConnectionTrait,
    account: AccountId,
    code: &RecoveryCode,
    now: Timestamp,
) -> StoreResult<bool> {
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, millis(now).into())
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Slot.eq(i16::from(code.slot)))
        .filter(Column::Hash.eq(code.hash.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(spent.rows_affected > 0)
}

fn read(row: Model) -> StoreResult<RecoveryCode> {
    Ok(RecoveryCode {
        slot: u8::try_from(row.slot).map_err(|_| unreadable("recovery_codes.slot"))?,
        hash: PasswordHash::from_stored(row.hash),
        made_at: timestamp(row.made_at, "recovery_codes.made_at")?,
        used_at: row
            .used_at
            .map(|at| timestamp(at, "recovery_codes.used_at"))
            .transpose()?,
    })
}
