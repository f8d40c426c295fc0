use jiff::Timestamp;
use portique_domain::account::{Account, AccountId, AccountStatus, PasswordState, Record};
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::store::StoreResult;
use portique_shared::Language;
use portique_shared::types::{EmailAddress, NationalId};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    UpdateMany,
};

use super::{insert_many, locks_rows};
use crate::columns::{Word, millis, unreadable};
use crate::entities::account::{ActiveModel, Column, Entity};
use crate::error::store_error;
use crate::row::Columns;

mod row;

pub(crate) use row::{READ, read};

/// Reads the last account up to `folded` in the index's order, and keeps it if it is the one: a row is read and understood
/// whether somebody has the identifier or not, so that the time it takes does not tell.
pub(crate) async fn by_identifier(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    folded: &str,
) -> StoreResult<Option<Account>> {
    let nearest = one(connection, at_or_before(portal, folded).limit(1)).await?;
    Ok(nearest.filter(|account| account.record.folded_identifier() == folded))
}

fn at_or_before(portal: &PortalName, folded: &str) -> Select<Entity> {
    Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::FoldedIdentifier.lte(folded))
        .order_by_desc(Column::FoldedIdentifier)
}

pub(crate) async fn by_email(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    folded: &str,
) -> StoreResult<Vec<Account>> {
    let select = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::FoldedEmail.eq(folded))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    many(connection, select).await
}

pub(crate) async fn by_number(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    number: &NationalId,
) -> StoreResult<Vec<Account>> {
    let select = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::NationalId.eq(number.number()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    many(connection, select).await
}

/// The folded identifier and the address of the last account up to `folded`, in the index's order.
pub(crate) async fn address_at_or_before(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    folded: &str,
) -> StoreResult<Option<(String, EmailAddress)>> {
    let found: Option<(String, String)> = at_or_before(portal, folded)
        .select_only()
        .columns([Column::FoldedIdentifier, Column::Email])
        .into_tuple()
        .one(connection)
        .await
        .map_err(store_error)?;
    found
        .map(|(identifier, email)| {
            let email = EmailAddress::parse(&email).map_err(|_| unreadable("accounts.email"))?;
            Ok((identifier, email))
        })
        .transpose()
}

pub(crate) async fn by_id(connection: &impl ConnectionTrait, id: AccountId) -> StoreResult<Option<Account>> {
    one(connection, Entity::find_by_id(id.0)).await
}

/// The account, its row locked.
///
/// `NO KEY`, because rows that refer to the account (a session, a message) lock its key when they are written: the full
/// lock would make a transaction that wrote one first, then changes the account, wait for who waits for it.
pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    id: AccountId,
) -> StoreResult<Option<Account>> {
    let select = Entity::find_by_id(id.0);
    if locks_rows(connection) {
        one(connection, select.lock(LockType::NoKeyUpdate)).await
    } else {
        one(connection, select).await
    }
}

pub(crate) async fn by_identifiers(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    folded: &[String],
) -> StoreResult<Vec<Account>> {
    let select = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::FoldedIdentifier.is_in(folded));
    many(connection, select).await
}

/// In the index's order, which is that of the folded identifiers.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    status: Option<AccountStatus>,
    limit: u64,
) -> StoreResult<Vec<Account>> {
    let mut select = Entity::find().filter(Column::Portal.eq(portal.as_str()));
    if let Some(status) = status {
        select = select.filter(Column::Status.eq(status.word()));
    }
    let select = select.order_by_asc(Column::FoldedIdentifier).limit(limit);
    many(connection, select).await
}

async fn many(connection: &impl ConnectionTrait, select: Select<Entity>) -> StoreResult<Vec<Account>> {
    let statement = columns(select).build(connection.get_database_backend());
    let rows = connection.query_all_raw(statement).await.map_err(store_error)?;
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

async fn one(connection: &impl ConnectionTrait, select: Select<Entity>) -> StoreResult<Option<Account>> {
    let statement = columns(select).build(connection.get_database_backend());
    let row = connection.query_one_raw(statement).await.map_err(store_error)?;
    row.map(|row| read(&mut Columns::of(&row))).transpose()
}

fn columns(select: Select<Entity>) -> Select<Entity> {
    select.select_only().columns(READ)
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, accounts: &[Account]) -> StoreResult<()> {
    insert_many::<ActiveModel, _>(connection, accounts.iter().map(row::new).collect()).await
}

pub(crate) async fn update_record(
    connection: &impl ConnectionTrait,
    account: AccountId,
    record: &Record,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update.set(row::record_columns(record))
    })
    .await
}

pub(crate) async fn set_password(
    connection: &impl ConnectionTrait,
    account: AccountId,
    password: &PasswordState,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update.set(row::password_columns(password))
    })
    .await
}

pub(crate) async fn upgrade_hash(
    connection: &impl ConnectionTrait,
    account: AccountId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update
            .col_expr(Column::PasswordHash, new.as_str().into())
            .filter(Column::PasswordHash.eq(old.as_str()))
    })
    .await
}

pub(crate) async fn set_status(
    connection: &impl ConnectionTrait,
    account: AccountId,
    status: AccountStatus,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update.col_expr(Column::Status, status.word().into())
    })
    .await
}

pub(crate) async fn set_second_factor(
    connection: &impl ConnectionTrait,
    account: AccountId,
    wanted: bool,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update.col_expr(Column::WantsSecondFactor, wanted.into())
    })
    .await
}

pub(crate) async fn set_language(
    connection: &impl ConnectionTrait,
    account: AccountId,
    language: Language,
) -> StoreResult<()> {
    update(connection, account, |update| {
        update.col_expr(Column::Language, language.tag().into())
    })
    .await
}

pub(crate) async fn record_sign_in(
    connection: &impl ConnectionTrait,
    account: &Account,
    at: Timestamp,
) -> StoreResult<bool> {
    // A hash has a salt of its own: another password has another hash, were it the same text.
    let hash = account.password.hash().map(|hash| hash.as_str().to_owned());
    let same_password = match hash {
        Some(hash) => Column::PasswordHash.eq(hash),
        None => Column::PasswordHash.is_null(),
    };
    let updated = Entity::update_many()
        .col_expr(Column::LastSignInAt, millis(at).into())
        .filter(Column::Id.eq(account.id.0))
        .filter(Column::Status.eq(account.status.word()))
        .filter(Column::Privileges.eq(account.record.privileges.to_string()))
        .filter(same_password)
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

async fn update(
    connection: &impl ConnectionTrait,
    account: AccountId,
    change: impl FnOnce(UpdateMany<Entity>) -> UpdateMany<Entity>,
) -> StoreResult<()> {
    change(Entity::update_many())
        .filter(Column::Id.eq(account.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
