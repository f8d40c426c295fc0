use jiff::Timestamp;
use portique_domain::passkey::{PasskeyChallenge, Purpose};
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::sweep_ended;
use crate::columns::{Word, millis, timestamp, unreadable};
use crate::entities::passkey_challenge::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    challenge: &PasskeyChallenge,
) -> StoreResult<()> {
    let row = Model {
        key: challenge.key.to_vec(),
        purpose: challenge.purpose.word().to_owned(),
        holder: challenge.holder.map(|holder| holder.0.to_vec()),
        state: challenge.state.clone(),
        expires_at: millis(challenge.expires_at),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// One statement, so that of two at one instant one finds it gone.
pub(crate) async fn take(
    connection: &impl ConnectionTrait,
    key: [u8; 32],
) -> StoreResult<Option<PasskeyChallenge>> {
    let mut delete = Query::delete();
    delete
        .from_table(Entity)
        .and_where(Column::Key.eq(key.to_vec()))
        .returning(Query::returning().columns([
            Column::Purpose,
            Column::Holder,
            Column::State,
            Column::ExpiresAt,
        ]));
    let Some(row) = connection.query_one(&delete).await.map_err(store_error)? else {
        return Ok(None);
    };
    let purpose: String = row.try_get_by_index(0).map_err(store_error)?;
    let holder: Option<Vec<u8>> = row.try_get_by_index(1).map_err(store_error)?;
    let expires_at: i64 = row.try_get_by_index(3).map_err(store_error)?;
    let holder = holder
        .map(|hash| <[u8; 32]>::try_from(hash.as_slice()).map(TokenHash))
        .transpose();
    Ok(Some(PasskeyChallenge {
        key,
        purpose: Purpose::from_word(&purpose, "passkey_challenges.purpose")?,
        holder: holder.map_err(|_| unreadable("passkey_challenges.holder"))?,
        state: row.try_get_by_index(2).map_err(store_error)?,
        expires_at: timestamp(expires_at, "passkey_challenges.expires_at")?,
    }))
}

pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    sweep_ended(connection, Entity, Column::Key, Column::ExpiresAt, now).await
}
