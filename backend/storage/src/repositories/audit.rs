use portique_domain::audit::{AuditEntry, AuditEvent, AuditHead};
use portique_domain::store::{StoreError, StoreResult};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{insert_many, locks_rows};
use crate::entities::{audit_entry, audit_head};
use crate::error::store_error;

/// Appends events behind the last entry, whose place nobody else can take before this transaction ends.
pub(crate) async fn append(connection: &impl ConnectionTrait, events: &[AuditEvent]) -> StoreResult<()> {
    if events.is_empty() {
        return Ok(());
    }
    let mut select = audit_head::Entity::find_by_id(audit_head::ID);
    if locks_rows(connection) {
        select = select.lock(LockType::NoKeyUpdate);
    }
    let mut head = the_one(connection, select).await?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let entry = AuditEntry::chain(event, head.sequence, &head.hash);
        head.sequence = entry.sequence;
        head.hash.clone_from(&entry.hash);
        rows.push(row(entry));
    }
    insert_many::<audit_entry::ActiveModel, _>(connection, rows).await?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Sequence, head.sequence.into())
        .col_expr(audit_head::Column::Hash, head.hash.into())
        .filter(audit_head::Column::Id.eq(audit_head::ID))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn entries(
    connection: &impl ConnectionTrait,
    after_sequence: i64,
    limit: u64,
) -> StoreResult<Vec<AuditEntry>> {
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Sequence.gt(after_sequence))
        .order_by_asc(audit_entry::Column::Sequence)
        .limit(limit)
        .all(connection)
        .await
        .map_err(store_error)?;
    Ok(rows.into_iter().map(entry).collect())
}

pub(crate) async fn head(connection: &impl ConnectionTrait) -> StoreResult<AuditHead> {
    let head = the_one(connection, audit_head::Entity::find_by_id(audit_head::ID)).await?;
    Ok(AuditHead {
        sequence: head.sequence,
        hash: head.hash,
    })
}

/// The row that the first migration wrote and nothing takes away.
async fn the_one(
    connection: &impl ConnectionTrait,
    select: Select<audit_head::Entity>,
) -> StoreResult<audit_head::Model> {
    let head = select.one(connection).await.map_err(store_error)?;
    head.ok_or_else(|| StoreError::Database("the audit trail has lost its head".to_owned()))
}

fn row(entry: AuditEntry) -> audit_entry::Model {
    audit_entry::Model {
        sequence: entry.sequence,
        at: entry.at,
        portal: entry.portal,
        action: entry.action,
        result: entry.result,
        factor: entry.factor,
        authenticator: entry.authenticator,
        account: entry.account,
        address: entry.address,
        previous_hash: entry.previous_hash,
        hash: entry.hash,
    }
}

fn entry(row: audit_entry::Model) -> AuditEntry {
    AuditEntry {
        sequence: row.sequence,
        at: row.at,
        portal: row.portal,
        action: row.action,
        result: row.result,
        factor: row.factor,
        authenticator: row.authenticator,
        account: row.account,
        address: row.address,
        previous_hash: row.previous_hash,
        hash: row.hash,
    }
}
