use std::sync::LazyLock;

use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::session::{Session, SessionOf, SessionScope, TokenHash};
use portique_domain::store::StoreResult;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, QueryFilter, Statement,
};

use super::{accounts, sweep_ended};
use crate::columns::{Word, millis, timestamp};
use crate::entities::session::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;

/// Asked with every request of everybody who is signed in: one query, built once. SQLite reads `$1` as PostgreSQL does.
static FIND: LazyLock<String> = LazyLock::new(|| {
    let account: Vec<String> = accounts::READ
        .iter()
        .map(|column| format!("a.{}", column.as_str()))
        .collect();
    format!(
        "SELECT s.scope, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.previous_sign_in_at, \
         s.provisional_hash, s.proved_at, {} \
         FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.portal = $2",
        account.join(", ")
    )
});

/// How many columns of [`FIND`] come before the account's.
const OWN_COLUMNS: usize = 7;

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    token: TokenHash,
) -> StoreResult<Option<SessionOf>> {
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        FIND.as_str(),
        [token.0.to_vec().into(), portal.as_str().into()],
    );
    let Some(row) = connection.query_one_raw(statement).await.map_err(store_error)? else {
        return Ok(None);
    };
    let account = accounts::read(&row, OWN_COLUMNS)?;
    let at =
        |index: usize, column: &str| timestamp(row.try_get_by_index(index).map_err(store_error)?, column);
    let scope: String = row.try_get_by_index(0).map_err(store_error)?;
    let previous_sign_in_at: Option<i64> = row.try_get_by_index(4).map_err(store_error)?;
    let provisional: Option<String> = row.try_get_by_index(5).map_err(store_error)?;
    let proved_at: Option<i64> = row.try_get_by_index(6).map_err(store_error)?;
    let session = Session {
        token,
        account: account.id,
        portal: portal.clone(),
        scope: SessionScope::from_word(&scope, "sessions.scope")?,
        created_at: at(1, "sessions.created_at")?,
        idle_expires_at: at(2, "sessions.idle_expires_at")?,
        absolute_expires_at: at(3, "sessions.absolute_expires_at")?,
        previous_sign_in_at: previous_sign_in_at
            .map(|at| timestamp(at, "sessions.previous_sign_in_at"))
            .transpose()?,
        provisional: provisional.map(PasswordHash::from_stored),
        proved_at: proved_at
            .map(|at| timestamp(at, "sessions.proved_at"))
            .transpose()?,
    };
    Ok(Some(SessionOf { session, account }))
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, session: &Session) -> StoreResult<()> {
    let row: ActiveModel = Model {
        token_hash: session.token.0.to_vec(),
        account_id: session.account.0,
        portal: session.portal.to_string(),
        scope: session.scope.word().to_owned(),
        created_at: millis(session.created_at),
        idle_expires_at: millis(session.idle_expires_at),
        absolute_expires_at: millis(session.absolute_expires_at),
        previous_sign_in_at: session.previous_sign_in_at.map(millis),
        provisional_hash: session.provisional.as_ref().map(|hash| hash.as_str().to_owned()),
        proved_at: session.proved_at.map(millis),
    }
    .into_active_model();
    Entity::insert(row)
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn extend(
    connection: &impl ConnectionTrait,
    token: TokenHash,
    idle_expires_at: Timestamp,
) -> StoreResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::IdleExpiresAt, millis(idle_expires_at).into())
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

pub(crate) async fn renew(
    connection: &impl ConnectionTrait,
    token: TokenHash,
    renewed: TokenHash,
    proved_at: Timestamp,
) -> StoreResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::TokenHash, renewed.0.to_vec().into())
        .col_expr(Column::ProvedAt, millis(proved_at).into())
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

pub(crate) async fn delete(connection: &impl ConnectionTrait, token: TokenHash) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected > 0)
}

pub(crate) async fn delete_of(connection: &impl ConnectionTrait, account: AccountId) -> StoreResult<u64> {
    let deleted = Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected)
}

/// Takes away the sessions that ended. The idle end is never after the absolute end (the table refuses it), so that it
/// tells alone.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    sweep_ended(connection, Entity, Column::TokenHash, Column::IdleExpiresAt, now).await
}
