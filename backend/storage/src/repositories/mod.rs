//! What is asked of each table. Every function runs on a connection or in a transaction, whichever it is given.

pub(crate) mod account_cards;
pub(crate) mod account_requests;
pub(crate) mod accounts;
pub(crate) mod asked;
pub(crate) mod audit;
pub(crate) mod authenticators;
pub(crate) mod captchas;
pub(crate) mod card_ceremonies;
pub(crate) mod contact_changes;
pub(crate) mod links;
pub(crate) mod outbox;
pub(crate) mod passkey_challenges;
pub(crate) mod pending_sign_ins;
pub(crate) mod recovery_codes;
pub(crate) mod remembered_browsers;
pub(crate) mod sessions;
pub(crate) mod sms_reports;
pub(crate) mod throttles;

use jiff::Timestamp;
use portique_domain::store::StoreResult;
use sea_orm::sea_query::{LockBehavior, LockType, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter,
};

use crate::columns::millis;
use crate::error::store_error;

/// SQLite takes at most this many values in one statement; PostgreSQL twice as many.
const MAX_VALUES: usize = 32_766;

/// Writes many rows, in as few statements as the databases' limits allow.
async fn insert_many<A, C>(connection: &C, rows: Vec<<A::Entity as EntityTrait>::Model>) -> StoreResult<()>
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    C: ConnectionTrait,
{
    let columns = <A::Entity as EntityTrait>::Column::iter().count();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows
            .by_ref()
            .take(MAX_VALUES / columns)
            .map(IntoActiveModel::into_active_model);
        A::Entity::insert_many(chunk)
            .exec_without_returning(connection)
            .await
            .map_err(store_error)?;
    }
    Ok(())
}

/// Takes away the rows whose time is over, told by their column `end`; those that somebody holds are left for the next time.
async fn sweep_ended<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    entity: E,
    key: E::Column,
    end: E::Column,
    now: Timestamp,
) -> StoreResult<()> {
    let mut ended = Query::select();
    ended.column(key).from(entity).and_where(end.lte(millis(now)));
    if locks_rows(connection) {
        ended.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    E::delete_many()
        .filter(key.in_subquery(ended))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// SQLite knows no row locks and needs none: its transactions hold the whole file.
fn locks_rows(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}
