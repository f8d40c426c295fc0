use std::sync::LazyLock;

use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::session::{Session, SessionId, SessionOf, SessionScope, TokenHash, Use};
use portique_domain::store::StoreResult;
use sea_orm::prelude::Uuid;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait, Statement,
};

use super::{accounts, sweep_ended};
use crate::columns::{Word, address, browser, browser_words, millis, timestamp, unreadable};
use crate::entities::session::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;
use crate::row::Columns;

/// Asked with every request of everybody who is signed in: one query, built once. SQLite reads `$1` as PostgreSQL does.
static FIND: LazyLock<String> = LazyLock::new(|| {
    let own = READ.iter().map(|column| format!("s.{}", column.as_str()));
    let account = accounts::READ
        .iter()
        .map(|column| format!("a.{}", column.as_str()));
    let columns: Vec<String> = own.chain(account).collect();
    format!(
        "SELECT {} FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.portal = $2",
        columns.join(", ")
    )
});

/// The columns that a session is read from, in the order that [`read`] expects.
const READ: [Column; 16] = [
    Column::TokenHash,
    Column::AccountId,
    Column::Portal,
    Column::Scope,
    Column::Browser,
    Column::System,
    Column::CreatedAt,
    Column::StartedFrom,
    Column::LastUsedAt,
    Column::LastUsedFrom,
    Column::IdleExpiresAt,
    Column::AbsoluteExpiresAt,
    Column::PreviousSignInAt,
    Column::ProvisionalHash,
    Column::ProvedAt,
    Column::Id,
];

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
    let mut columns = Columns::of(&row);
    let session = read(&mut columns)?;
    let account = accounts::read(&mut columns)?;
    Ok(Some(SessionOf { session, account }))
}

pub(crate) async fn of(connection: &impl ConnectionTrait, account: AccountId) -> StoreResult<Vec<Session>> {
    let statement = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .select_only()
        .columns(READ)
        .build(connection.get_database_backend());
    let rows = connection.query_all_raw(statement).await.map_err(store_error)?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

/// Reads a session from the columns [`READ`], which come next.
fn read(columns: &mut Columns<'_>) -> StoreResult<Session> {
    let token: Vec<u8> = columns.get()?;
    let account: Uuid = columns.get()?;
    let portal: String = columns.get()?;
    let scope: String = columns.get()?;
    let family: Option<String> = columns.get()?;
    let system: Option<String> = columns.get()?;
    Ok(Session {
        token: TokenHash(token.try_into().map_err(|_| unreadable("sessions.token_hash"))?),
        account: AccountId(account),
        portal: PortalName::parse(&portal).map_err(|_| unreadable("sessions.portal"))?,
        scope: SessionScope::from_word(&scope, "sessions.scope")?,
        browser: browser(family.as_deref(), system.as_deref(), "sessions.browser")?,
        started: used(columns, "sessions.created_at", "sessions.started_from")?,
        last_used: used(columns, "sessions.last_used_at", "sessions.last_used_from")?,
        idle_expires_at: timestamp(columns.get()?, "sessions.idle_expires_at")?,
        absolute_expires_at: timestamp(columns.get()?, "sessions.absolute_expires_at")?,
        previous_sign_in_at: moment(columns, "sessions.previous_sign_in_at")?,
        provisional: columns.get::<Option<String>>()?.map(PasswordHash::from_stored),
        proved_at: moment(columns, "sessions.proved_at")?,
        id: SessionId(columns.get()?),
    })
}

fn used(columns: &mut Columns<'_>, at: &str, from: &str) -> StoreResult<Use> {
    Ok(Use {
        at: timestamp(columns.get()?, at)?,
        from: address(columns.get::<Option<String>>()?.as_deref(), from)?,
    })
}

fn moment(columns: &mut Columns<'_>, column: &str) -> StoreResult<Option<Timestamp>> {
    let at: Option<i64> = columns.get()?;
    at.map(|at| timestamp(at, column)).transpose()
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
