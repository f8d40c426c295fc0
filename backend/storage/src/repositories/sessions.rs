use std::sync::LazyLock;

use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::session::{Session, SessionId, SessionOf, SessionScope, TokenHash, Use};
use portique_domain::store::StoreResult;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, IntoActiveModel, Iterable,
    PaginatorTrait, QueryFilter, Statement,
};

use super::{accounts, sweep_ended};
use crate::columns::{Word, address, browser, browser_words, millis, timestamp, unreadable};
use crate::entities::session::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;

/// Asked with every request of everybody who is signed in: one query, built once. SQLite reads `$1` as PostgreSQL does.
static FIND: LazyLock<String> = LazyLock::new(|| {
    let own = Column::iter().map(|column| format!("s.{0} AS {OWN}{0}", column.as_str()));
    let account = accounts::READ
        .iter()
        .map(|column| format!("a.{}", column.as_str()));
    let columns: Vec<String> = own.chain(account).collect();
    format!(
        "SELECT {} FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.portal = $2",
        columns.join(", ")
    )
});

/// Before the names of the session's columns, some of which the account has too.
const OWN: &str = "s_";

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
    let account = accounts::read(&row, Column::iter().count())?;
    let session = read(Model::from_query_result(&row, OWN).map_err(store_error)?)?;
    Ok(Some(SessionOf { session, account }))
}

pub(crate) async fn of(connection: &impl ConnectionTrait, account: AccountId) -> StoreResult<Vec<Session>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

fn read(row: Model) -> StoreResult<Session> {
    let token = <[u8; 32]>::try_from(row.token_hash.as_slice());
    let previous = row
        .previous_sign_in_at
        .map(|at| timestamp(at, "sessions.previous_sign_in_at"));
    Ok(Session {
        id: SessionId(row.id),
        token: TokenHash(token.map_err(|_| unreadable("sessions.token_hash"))?),
        account: AccountId(row.account_id),
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("sessions.portal"))?,
        scope: SessionScope::from_word(&row.scope, "sessions.scope")?,
        browser: browser(row.browser.as_deref(), row.system.as_deref(), "sessions.browser")?,
        started: Use {
            at: timestamp(row.created_at, "sessions.created_at")?,
            from: address(row.started_from.as_deref(), "sessions.started_from")?,
        },
        last_used: Use {
            at: timestamp(row.last_used_at, "sessions.last_used_at")?,
            from: address(row.last_used_from.as_deref(), "sessions.last_used_from")?,
        },
        idle_expires_at: timestamp(row.idle_expires_at, "sessions.idle_expires_at")?,
        absolute_expires_at: timestamp(row.absolute_expires_at, "sessions.absolute_expires_at")?,
        previous_sign_in_at: previous.transpose()?,
        provisional: row.provisional_hash.map(PasswordHash::from_stored),
        proved_at: row
            .proved_at
            .map(|at| timestamp(at, "sessions.proved_at"))
            .transpose()?,
    })
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, session: &Session) -> StoreResult<()> {
    let (browser, system) = browser_words(session.browser);
    let row: ActiveModel = Model {
        token_hash: session.token.0.to_vec(),
        account_id: session.account.0,
        portal: session.portal.to_string(),
        scope: session.scope.word().to_owned(),
        created_at: millis(session.started.at),
        idle_expires_at: millis(session.idle_expires_at),
        absolute_expires_at: millis(session.absolute_expires_at),
        previous_sign_in_at: session.previous_sign_in_at.map(millis),
        provisional_hash: session.provisional.as_ref().map(|hash| hash.as_str().to_owned()),
        proved_at: session.proved_at.map(millis),
        id: session.id.0,
        browser,
        system,
        started_from: session.started.from.map(|address| address.to_string()),
        last_used_at: millis(session.last_used.at),
        last_used_from: session.last_used.from.map(|address| address.to_string()),
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
    used: Use,
) -> StoreResult<bool> {
    let from = used.from.map(|address| address.to_string());
    let updated = Entity::update_many()
        .col_expr(Column::IdleExpiresAt, millis(idle_expires_at).into())
        .col_expr(Column::LastUsedAt, millis(used.at).into())
        .col_expr(Column::LastUsedFrom, from.into())
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

pub(crate) async fn delete_by_id(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: SessionId,
    now: Timestamp,
) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::IdleExpiresAt.gt(millis(now)))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected > 0)
}

pub(crate) async fn is_of(
    connection: &impl ConnectionTrait,
    account: AccountId,
    token: TokenHash,
) -> StoreResult<bool> {
    let found = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .count(connection)
        .await
        .map_err(store_error)?;
    Ok(found > 0)
}

pub(crate) async fn delete_others(
    connection: &impl ConnectionTrait,
    account: AccountId,
    kept: TokenHash,
) -> StoreResult<u64> {
    let deleted = Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::TokenHash.ne(kept.0.to_vec()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected)
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
