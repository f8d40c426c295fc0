use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::portal::PortalName;
use portique_domain::remembered_browser::{BrowserId, RememberedBrowser};
use portique_domain::session::{TokenHash, Use};
use portique_domain::store::StoreResult;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::sweep_ended;
use crate::columns::{address, browser, browser_words, millis, timestamp, unreadable};
use crate::entities::remembered_browser::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    remembered: &RememberedBrowser,
) -> StoreResult<()> {
    let (browser, system) = browser_words(remembered.browser);
    let row = Model {
        token_hash: remembered.token.0.to_vec(),
        id: remembered.id.0,
        account_id: remembered.account.0,
        portal: remembered.portal.to_string(),
        browser,
        system,
        remembered_at: millis(remembered.remembered.at),
        remembered_from: remembered.remembered.from.map(|address| address.to_string()),
        last_used_at: millis(remembered.last_used.at),
        last_used_from: remembered.last_used.from.map(|address| address.to_string()),
        expires_at: millis(remembered.expires_at),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    token: TokenHash,
) -> StoreResult<Option<RememberedBrowser>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .filter(Column::Portal.eq(portal.as_str()))
        .one(connection)
        .await
        .map_err(store_error)?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> StoreResult<Vec<RememberedBrowser>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.iter().map(read).collect()
}

pub(crate) async fn note_use(
    connection: &impl ConnectionTrait,
    account: AccountId,
    token: TokenHash,
    used: Use,
) -> StoreResult<bool> {
    let from = used.from.map(|address| address.to_string());
    let updated = Entity::update_many()
        .col_expr(Column::LastUsedAt, millis(used.at).into())
        .col_expr(Column::LastUsedFrom, from.into())
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::ExpiresAt.gt(millis(used.at)))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

pub(crate) async fn delete_by_token(connection: &impl ConnectionTrait, token: TokenHash) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn delete_by_id(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: BrowserId,
    now: Timestamp,
) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::ExpiresAt.gt(millis(now)))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected > 0)
}

pub(crate) async fn delete_of(connection: &impl ConnectionTrait, account: AccountId) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Takes away those whose time is over.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    sweep_ended(connection, Entity, Column::TokenHash, Column::ExpiresAt, now).await
}

fn read(row: &Model) -> StoreResult<RememberedBrowser> {
    let token = <[u8; 32]>::try_from(row.token_hash.as_slice());
    Ok(RememberedBrowser {
        id: BrowserId(row.id),
        token: TokenHash(token.map_err(|_| unreadable("remembered_browsers.token_hash"))?),
        account: AccountId(row.account_id),
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("remembered_browsers.portal"))?,
        browser: browser(
            row.browser.as_deref(),
            row.system.as_deref(),
            "remembered_browsers.browser",
        )?,
        remembered: Use {
            at: timestamp(row.remembered_at, "remembered_browsers.remembered_at")?,
            from: address(
                row.remembered_from.as_deref(),
                "remembered_browsers.remembered_from",
            )?,
        },
        last_used: Use {
            at: timestamp(row.last_used_at, "remembered_browsers.last_used_at")?,
            from: address(
                row.last_used_from.as_deref(),
                "remembered_browsers.last_used_from",
            )?,
        },
        expires_at: timestamp(row.expires_at, "remembered_browsers.expires_at")?,
    })
}
