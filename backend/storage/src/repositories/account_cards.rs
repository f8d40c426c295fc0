use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::card_ceremony::{AccountCard, AccountCardId};
use portique_domain::portal::PortalName;
use portique_domain::store::StoreResult;
use portique_shared::types::NationalId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::columns::{millis, timestamp, unreadable};
use crate::entities::account_card::{Column, Entity, Model};
use crate::error::store_error;

/// The oldest first.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> StoreResult<Vec<AccountCard>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .order_by_asc(Column::AttachedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn by_number(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    number: &NationalId,
) -> StoreResult<Option<AccountCard>> {
    let row = Entity::find()
        .filter(Column::Portal.eq(portal.as_str()))
        .filter(Column::Number.eq(number.number()))
        .one(connection)
        .await
        .map_err(store_error)?;
    row.map(read).transpose()
}

pub(crate) async fn insert(connection: &impl ConnectionTrait, card: &AccountCard) -> StoreResult<()> {
    let row = Model {
        id: card.id.0,
        account_id: card.account.0,
        portal: card.portal.to_string(),
        number: card.number.number().to_owned(),
        family_name: card.family_name.clone(),
        given_name: card.given_name.clone(),
        attached_at: millis(card.attached_at),
        last_used_at: card.last_used_at.map(millis),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn note_use(
    connection: &impl ConnectionTrait,
    id: AccountCardId,
    at: Timestamp,
) -> StoreResult<()> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, millis(at).into())
        .filter(Column::Id.eq(id.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn delete(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: AccountCardId,
) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
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

fn read(row: Model) -> StoreResult<AccountCard> {
    let last_used_at = row
        .last_used_at
        .map(|at| timestamp(at, "account_cards.last_used_at"));
    Ok(AccountCard {
        id: AccountCardId(row.id),
        account: AccountId(row.account_id),
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("account_cards.portal"))?,
        number: NationalId::parse(&row.number).map_err(|_| unreadable("account_cards.number"))?,
        family_name: row.family_name,
        given_name: row.given_name,
        attached_at: timestamp(row.attached_at, "account_cards.attached_at")?,
        last_used_at: last_used_at.transpose()?,
    })
}
