use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::outbox::{AWAITED, Channel, DeliveryState, KEPT, QueuedMessage};
use portique_domain::portal::PortalName;
use portique_domain::sms::{Report, ReportState, Reported};
use portique_domain::store::StoreResult;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::{insert_many, locks_rows};
use crate::columns::{Word, count, millis, timestamp, unreadable};
use crate::entities::message::{ActiveModel, Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, messages: &[QueuedMessage]) -> StoreResult<()> {
    insert_many::<ActiveModel, _>(connection, messages.iter().map(row).collect()).await
}

pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    state: Option<DeliveryState>,
    limit: u64,
) -> StoreResult<Vec<QueuedMessage>> {
    let mut select = Entity::find();
    if let Some(state) = state {
        select = select.filter(Column::State.eq(state.word()));
    }
    let rows = select
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> StoreResult<Option<QueuedMessage>> {
    let row = Entity::find_by_id(id)
        .one(connection)
        .await
        .map_err(store_error)?;
    row.map(read).transpose()
}

pub(crate) async fn after(
    connection: &impl ConnectionTrait,
    id: Uuid,
    limit: u64,
) -> StoreResult<Vec<QueuedMessage>> {
    let rows = Entity::find()
        .filter(Column::Id.gt(id))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter().map(read).collect()
}

/// Takes due messages in hand. Rows that another worker is taking at this instant are passed over, not waited for.
pub(crate) async fn take_due(
    connection: &impl ConnectionTrait,
    channel: Channel,
    now: Timestamp,
    hold_until: Timestamp,
    limit: u64,
) -> StoreResult<Vec<QueuedMessage>> {
    let urgent = due(connection, channel, now, limit).filter(Column::Kind.is_in(AWAITED));
    let mut rows = urgent.all(connection).await.map_err(store_error)?;
    let room = limit - rows.len() as u64;
    if room > 0 {
        let others = due(connection, channel, now, room).filter(Column::Kind.is_not_in(AWAITED));
        rows.extend(others.all(connection).await.map_err(store_error)?);
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::DueAt, millis(hold_until).into())
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(connection)
        .await
        .map_err(store_error)?;
    for row in &mut rows {
        row.attempts += 1;
        row.due_at = millis(hold_until);
    }
    rows.into_iter().map(read).collect()
}

/// Those of a channel that are due, the earliest first.
fn due(connection: &impl ConnectionTrait, channel: Channel, now: Timestamp, limit: u64) -> Select<Entity> {
    let select = Entity::find()
        .filter(Column::State.eq(DeliveryState::Queued.word()))
        .filter(Column::Channel.eq(channel.word()))
        .filter(Column::DueAt.lte(millis(now)))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(limit);
    if locks_rows(connection) {
        select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    } else {
        select
    }
}

pub(crate) async fn settle(
    connection: &impl ConnectionTrait,
    id: Uuid,
    attempts: u32,
    state: DeliveryState,
    due_at: Timestamp,
    error: Option<&str>,
) -> StoreResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::State, state.word().into())
        .col_expr(Column::DueAt, millis(due_at).into())
        .col_expr(Column::LastError, Expr::val(error))
        .filter(Column::Id.eq(id))
        .filter(Column::Attempts.eq(i64::from(attempts)))
        // Settled already: sent, or given up and perhaps taken up again.
        .filter(Column::State.eq(DeliveryState::Queued.word()))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

/// Takes away what was sent long ago: a settled message's time is that of its settling.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    Entity::delete_many()
        .filter(Column::State.eq(DeliveryState::Sent.word()))
        .filter(Column::DueAt.lte(millis(now - KEPT)))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

/// Two of one instant stand in the order of their ids, so that one of them is the last.
pub(crate) async fn is_superseded(
    connection: &impl ConnectionTrait,
    message: &QueuedMessage,
) -> StoreResult<bool> {
    let Some(account) = message.account else {
        return Ok(false);
    };
    let created_at = millis(message.created_at);
    let later = Condition::any()
        .add(Column::CreatedAt.gt(created_at))
        .add(Column::CreatedAt.eq(created_at).and(Column::Id.gt(message.id)));
    let newer = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .filter(Column::Kind.eq(message.kind.as_str()))
        .filter(Column::State.ne(DeliveryState::Dead.word()))
        .filter(later)
        .one(connection)
        .await
        .map_err(store_error)?;
    Ok(newer.is_some())
}

pub(crate) async fn revive(
    connection: &impl ConnectionTrait,
    id: Option<Uuid>,
    now: Timestamp,
) -> StoreResult<u64> {
    let mut update = Entity::update_many()
        .col_expr(Column::State, DeliveryState::Queued.word().into())
        .col_expr(Column::Attempts, 0_i64.into())
        .col_expr(Column::DueAt, millis(now).into())
        .filter(Column::State.eq(DeliveryState::Dead.word()));
    if let Some(id) = id {
        update = update.filter(Column::Id.eq(id));
    }
    let updated = update.exec(connection).await.map_err(store_error)?;
    Ok(updated.rows_affected)
}

fn row(message: &QueuedMessage) -> Model {
    let reported = message.reported.as_ref();
    Model {
        id: message.id,
        portal: message.portal.to_string(),
        account_id: message.account.map(|account| account.0),
        channel: Word::word(message.channel).to_owned(),
        kind: message.kind.clone(),
        sealed: message.sealed.clone(),
        created_at: millis(message.created_at),
        state: message.state.word().to_owned(),
        attempts: i64::from(message.attempts),
        due_at: millis(message.due_at),
        last_error: message.last_error.clone(),
        gateway_id: None,
        report: reported.map(|reported| reported.report.state.word().to_owned()),
        report_code: reported.and_then(|reported| reported.report.code.clone()),
        reported_at: reported.map(|reported| millis(reported.at)),
        ask_at: None,
    }
}

fn read(row: Model) -> StoreResult<QueuedMessage> {
    let reported = match (row.report, row.reported_at) {
        (Some(state), Some(at)) => Some(Reported {
            report: Report {
                state: ReportState::from_word(&state, "outbox.report")?,
                code: row.report_code,
            },
            at: timestamp(at, "outbox.reported_at")?,
        }),
        _ => None,
    };
    Ok(QueuedMessage {
        id: row.id,
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("outbox.portal"))?,
        account: row.account_id.map(AccountId),
        channel: Channel::from_word(&row.channel, "outbox.channel")?,
        kind: row.kind,
        sealed: row.sealed,
        created_at: timestamp(row.created_at, "outbox.created_at")?,
        state: DeliveryState::from_word(&row.state).ok_or_else(|| unreadable("outbox.state"))?,
        attempts: count(row.attempts, "outbox.attempts")?,
        due_at: timestamp(row.due_at, "outbox.due_at")?,
        last_error: row.last_error,
        reported,
    })
}
