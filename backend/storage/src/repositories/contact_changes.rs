use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::contact::{Contact, ContactChange, destination};
use portique_domain::reference::Reference;
use portique_domain::second_step::{CodeSeal, SentCode};
use portique_domain::store::StoreResult;
use portique_shared::api::contacts::ContactKind;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::sweep_ended;
use crate::columns::{Word, count, millis, timestamp, unreadable};
use crate::entities::contact_change::{Column, Entity, Model};
use crate::error::store_error;

/// In the order of their kinds' names, which puts the address first.
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> StoreResult<Vec<ContactChange>> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .order_by_asc(Column::Kind)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn save(connection: &impl ConnectionTrait, change: &ContactChange) -> StoreResult<()> {
    delete(connection, change.account, Some(change.new.kind())).await?;
    Entity::insert(row(change).into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn delete(
    connection: &impl ConnectionTrait,
    account: AccountId,
    kind: Option<ContactKind>,
) -> StoreResult<()> {
    let mut delete = Entity::delete_many().filter(Column::AccountId.eq(account.0));
    if let Some(kind) = kind {
        delete = delete.filter(Column::Kind.eq(kind.word()));
    }
    delete.exec(connection).await.map(drop).map_err(store_error)
}

/// Takes away those whose time is over.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    sweep_ended(connection, Entity, Column::Id, Column::ExpiresAt, now).await
}

fn row(change: &ContactChange) -> Model {
    let sent = change.sent.as_ref();
    Model {
        account_id: change.account.0,
        kind: change.new.kind().word().to_owned(),
        id: change.id,
        value: change.new.as_str().to_owned(),
        expires_at: millis(change.expires_at),
        code_seal: sent.map(|sent| sent.seal.0.to_vec()),
        reference: sent.map(|sent| sent.reference.as_str().to_owned()),
        sent_at: sent.map(|sent| millis(sent.sent_at)),
        code_expires_at: sent.map(|sent| millis(sent.expires_at)),
        wrong: sent.map(|sent| i64::from(sent.wrong)),
    }
}

fn read(row: Model) -> StoreResult<ContactChange> {
    let kind = ContactKind::from_word(&row.kind, "contact_changes.kind")?;
    let sent = match (
        row.code_seal,
        row.reference,
        row.sent_at,
        row.code_expires_at,
        row.wrong,
    ) {
        (Some(seal), Some(reference), Some(sent_at), Some(expires_at), Some(wrong)) => {
            let seal = <[u8; 32]>::try_from(seal.as_slice());
            Some(SentCode {
                seal: CodeSeal(seal.map_err(|_| unreadable("contact_changes.code_seal"))?),
                to: destination(kind),
                reference: Reference::parse(&reference)
                    .ok_or_else(|| unreadable("contact_changes.reference"))?,
                sent_at: timestamp(sent_at, "contact_changes.sent_at")?,
                expires_at: timestamp(expires_at, "contact_changes.code_expires_at")?,
                wrong: count(wrong, "contact_changes.wrong")?,
            })
        }
        // The table takes all of them or none.
        _ => None,
    };
    Ok(ContactChange {
        id: row.id,
        account: AccountId(row.account_id),
        new: Contact::parse(kind, &row.value).ok_or_else(|| unreadable("contact_changes.value"))?,
        expires_at: timestamp(row.expires_at, "contact_changes.expires_at")?,
        sent,
    })
}
