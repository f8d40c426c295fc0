use jiff::Timestamp;
use portique_domain::store::StoreResult;
use portique_domain::throttle::{DAY, Throttle, ThrottleKey};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::locks_rows;
use crate::columns::{Word, count as number, millis, timestamp};
use crate::entities::throttle::{Column, Entity};
use crate::error::store_error;

/// Counts under each key, and gives what stood there before, the rows locked: those of fresh throttles too, so that fifty
/// first tries at one instant wait for each other. One statement: between two, another could take a row away.
pub(crate) async fn count(
    connection: &impl ConnectionTrait,
    keys: &[ThrottleKey],
    now: Timestamp,
) -> StoreResult<Vec<Throttle>> {
    let fresh: Vec<Throttle> = keys.iter().map(|key| Throttle::fresh(key.clone(), now)).collect();
    let counted: Vec<Throttle> = fresh.iter().map(Throttle::with_one_more).collect();
    let mut upsert = insert(&counted);
    upsert
        .on_conflict(
            OnConflict::columns([Column::Kind, Column::KeyHash])
                .value(Column::Failures, Expr::col((Entity, Column::Failures)).add(1_i64))
                .to_owned(),
        )
        .returning(Query::returning().columns([
            Column::Kind,
            Column::KeyHash,
            Column::Failures,
            Column::Since,
            Column::BlockedUntil,
        ]));
    let rows = connection.query_all(&upsert).await.map_err(store_error)?;
    let mut before = fresh;
    for row in rows {
        let kind: String = row.try_get_by_index(0).map_err(store_error)?;
        let hash: Vec<u8> = row.try_get_by_index(1).map_err(store_error)?;
        // The database may give the rows back in another order.
        let Some(throttle) = before
            .iter_mut()
            .find(|throttle| throttle.key.kind.word() == kind && throttle.key.hash[..] == hash)
        else {
            continue;
        };
        let get = |index: usize| row.try_get_by_index::<i64>(index).map_err(store_error);
        throttle.failures = number(get(2)? - 1, "throttles.failures")?;
        throttle.since = timestamp(get(3)?, "throttles.since")?;
        throttle.blocked_until = timestamp(get(4)?, "throttles.blocked_until")?;
    }
    Ok(before)
}

pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    key: &ThrottleKey,
) -> StoreResult<Option<Throttle>> {
    let mut select = Entity::find().filter(is(key));
    if locks_rows(connection) {
        select = select.lock(LockType::NoKeyUpdate);
    }
    let row = select.one(connection).await.map_err(store_error)?;
    row.map(|row| {
        Ok(Throttle {
            key: key.clone(),
            failures: number(row.failures, "throttles.failures")?,
            since: timestamp(row.since, "throttles.since")?,
            blocked_until: timestamp(row.blocked_until, "throttles.blocked_until")?,
        })
    })
    .transpose()
}

pub(crate) async fn save(connection: &impl ConnectionTrait, throttle: &Throttle) -> StoreResult<()> {
    let mut upsert = insert(std::slice::from_ref(throttle));
    upsert.on_conflict(
        OnConflict::columns([Column::Kind, Column::KeyHash])
            .update_columns([Column::Failures, Column::Since, Column::BlockedUntil])
            .to_owned(),
    );
    connection.execute(&upsert).await.map(drop).map_err(store_error)
}

fn insert(throttles: &[Throttle]) -> sea_orm::sea_query::InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(Entity).columns([
        Column::Kind,
        Column::KeyHash,
        Column::Failures,
        Column::Since,
        Column::BlockedUntil,
    ]);
    for throttle in throttles {
        insert.values_panic([
            throttle.key.kind.word().into(),
            throttle.key.hash.to_vec().into(),
            i64::from(throttle.failures).into(),
            millis(throttle.since).into(),
            millis(throttle.blocked_until).into(),
        ]);
    }
    insert
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
