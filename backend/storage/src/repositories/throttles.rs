use jiff::Timestamp;
use portique_domain::store::StoreResult;
use portique_domain::throttle::{DAY, Throttle, ThrottleKey};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::locks_rows;
use crate::columns::{Word, count, millis, timestamp};
use crate::entities::throttle::{Column, Entity};
use crate::error::store_error;

/// The throttle, its row locked; written down as it is fresh if there is none, so that there is a row to lock and fifty
/// first tries at one instant wait for each other. One statement: between two, another could take the row away.
pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    key: &ThrottleKey,
    now: Timestamp,
) -> StoreResult<Throttle> {
    let fresh = Throttle::fresh(key.clone(), now);
    let unchanged = Expr::col((Entity, Column::Failures));
    let mut upsert = insert(&fresh);
    upsert
        .on_conflict(
            OnConflict::columns([Column::Kind, Column::KeyHash])
                .value(Column::Failures, unchanged)
                .to_owned(),
        )
        .returning(Query::returning().columns([Column::Failures, Column::Since, Column::BlockedUntil]));
    let Some(row) = connection.query_one(&upsert).await.map_err(store_error)? else {
        return Ok(fresh);
    };
    let get = |index: usize| row.try_get_by_index::<i64>(index).map_err(store_error);
    Ok(Throttle {
        key: fresh.key,
        failures: count(get(0)?, "throttles.failures")?,
        since: timestamp(get(1)?, "throttles.since")?,
        blocked_until: timestamp(get(2)?, "throttles.blocked_until")?,
    })
}

pub(crate) async fn save(connection: &impl ConnectionTrait, throttle: &Throttle) -> StoreResult<()> {
    let mut upsert = insert(throttle);
    upsert.on_conflict(
        OnConflict::columns([Column::Kind, Column::KeyHash])
            .update_columns([Column::Failures, Column::Since, Column::BlockedUntil])
            .to_owned(),
    );
    connection.execute(&upsert).await.map(drop).map_err(store_error)
}

fn insert(throttle: &Throttle) -> sea_orm::sea_query::InsertStatement {
    Query::insert()
        .into_table(Entity)
        .columns([
            Column::Kind,
            Column::KeyHash,
            Column::Failures,
            Column::Since,
            Column::BlockedUntil,
        ])
        .values_panic([
            throttle.key.kind.word().into(),
            throttle.key.hash.to_vec().into(),
            i64::from(throttle.failures).into(),
            millis(throttle.since).into(),
            millis(throttle.blocked_until).into(),
        ])
        .to_owned()
}

pub(crate) async fn clear(connection: &impl ConnectionTrait, key: &ThrottleKey) -> StoreResult<()> {
    Entity::delete_many()
        .filter(is(key))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

fn is(key: &ThrottleKey) -> Condition {
    Condition::all()
        .add(Column::Kind.eq(key.kind.word()))
        .add(Column::KeyHash.eq(key.hash.to_vec()))
}

pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    let mut over = Query::select();
    over.columns([Column::Kind, Column::KeyHash])
        .from(Entity)
        .and_where(Column::Since.lte(millis(now - DAY)));
    if locks_rows(connection) {
        over.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let key = Expr::tuple([Expr::col(Column::Kind), Expr::col(Column::KeyHash)]);
    Entity::delete_many()
        .filter(key.in_subquery(over))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
