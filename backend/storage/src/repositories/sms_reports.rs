//! What gateways tell of the SMS in the queue.

use jiff::Timestamp;
use portique_domain::outbox::Channel;
use portique_domain::sms::{AwaitedReport, ReportState, Reported};
use portique_domain::store::StoreResult;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::locks_rows;
use crate::columns::{millis, timestamp};
use crate::entities::message::{Column, Entity};
use crate::error::store_error;

pub(crate) async fn note_accepted(
    connection: &impl ConnectionTrait,
    id: Uuid,
    gateway_id: Option<&str>,
    at: Timestamp,
    ask_at: Option<Timestamp>,
) -> StoreResult<()> {
    Entity::update_many()
        .col_expr(Column::GatewayId, Expr::val(gateway_id))
        .col_expr(Column::AskAt, Expr::val(ask_at.map(millis)))
        .filter(Column::Id.eq(id))
        .exec(connection)
        .await
        .map_err(store_error)?;
    // A phone may have it before the gateway has answered.
    Entity::update_many()
        .col_expr(Column::Report, ReportState::Accepted.word().into())
        .col_expr(Column::ReportedAt, millis(at).into())
        .filter(Column::Id.eq(id))
        .filter(Column::Report.is_null())
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn save(
    connection: &impl ConnectionTrait,
    id: Uuid,
    reported: &Reported,
) -> StoreResult<bool> {
    let state = reported.report.state;
    let weaker: &[ReportState] = match state {
        ReportState::Accepted => &[],
        ReportState::Failed => &[ReportState::Accepted],
        ReportState::Delivered => &[ReportState::Accepted, ReportState::Failed],
    };
    let replaceable = Condition::any()
        .add(Column::Report.is_null())
        .add(Column::Report.is_in(weaker.iter().map(|state| state.word())));
    let mut update = Entity::update_many()
        .col_expr(Column::Report, state.word().into())
        .col_expr(Column::ReportCode, Expr::val(reported.report.code.as_deref()))
        .col_expr(Column::ReportedAt, millis(reported.at).into());
    if state != ReportState::Accepted {
        update = update.col_expr(Column::AskAt, Expr::val(None::<i64>));
    }
    let updated = update
        .filter(Column::Id.eq(id))
        .filter(Column::Channel.eq(Channel::Sms.word()))
        .filter(replaceable)
        .exec(connection)
        .await
        .map_err(store_error)?;
    if updated.rows_affected > 0 {
        return Ok(true);
    }
    let known = Entity::find_by_id(id)
        .filter(Column::Channel.eq(Channel::Sms.word()))
        .one(connection)
        .await
        .map_err(store_error)?;
    Ok(known.is_some())
}

/// Rows that another worker is taking at this instant are passed over, not waited for.
pub(crate) async fn take_awaited(
    connection: &impl ConnectionTrait,
    now: Timestamp,
    again_at: Timestamp,
    limit: u64,
) -> StoreResult<Vec<AwaitedReport>> {
    let mut select = Entity::find()
        .filter(Column::AskAt.lte(millis(now)))
        .filter(Column::GatewayId.is_not_null())
        .order_by_asc(Column::AskAt)
        .limit(limit);
    if locks_rows(connection) {
        select = select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let rows = select.all(connection).await.map_err(store_error)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Entity::update_many()
        .col_expr(Column::AskAt, millis(again_at).into())
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(connection)
        .await
        .map_err(store_error)?;
    rows.into_iter()
        .filter_map(|row| {
            let gateway_id = row.gateway_id?;
            let created_at = timestamp(row.created_at, "outbox.created_at");
            Some(created_at.map(|created_at| AwaitedReport {
                id: row.id,
                gateway_id,
                created_at,
            }))
        })
        .collect()
}

pub(crate) async fn ask_at(
    connection: &impl ConnectionTrait,
    id: Uuid,
    at: Option<Timestamp>,
) -> StoreResult<()> {
    Entity::update_many()
        .col_expr(Column::AskAt, Expr::val(at.map(millis)))
        .filter(Column::Id.eq(id))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}
