use portique_domain::account::AccountId;
use portique_domain::authenticator::{Authenticator, AuthenticatorId, Factors, Means};
use portique_domain::store::StoreResult;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::recovery_codes;
use crate::columns::{millis, timestamp, unreadable};
use crate::entities::authenticator::{Column, Entity, Model};
use crate::error::store_error;

/// What an account holds, its recovery codes included.
pub(crate) async fn factors(connection: &impl ConnectionTrait, account: AccountId) -> StoreResult<Factors> {
    let rows = Entity::find()
        .filter(Column::AccountId.eq(account.0))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await
        .map_err(store_error)?;
    Ok(Factors {
        authenticators: rows.into_iter().map(read).collect::<StoreResult<_>>()?,
        recovery_codes: recovery_codes::of(connection, account).await?,
    })
}

pub(crate) async fn by_credential(
    connection: &impl ConnectionTrait,
    credential: &[u8],
) -> StoreResult<Option<Authenticator>> {
    let row = Entity::find()
        .filter(Column::Credential.eq(credential.to_vec()))
        .one(connection)
        .await
        .map_err(store_error)?;
    row.map(read).transpose()
}

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    authenticator: &Authenticator,
) -> StoreResult<()> {
    let (data, last_step, credential) = values(&authenticator.means);
    let row = Model {
        id: authenticator.id.0,
        account_id: authenticator.account.0,
        name: authenticator.name.clone(),
        created_at: millis(authenticator.created_at),
        last_used_at: authenticator.last_used_at.map(millis),
        data,
        last_step,
        credential,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn save(
    connection: &impl ConnectionTrait,
    authenticator: &Authenticator,
) -> StoreResult<()> {
    let (data, last_step, _) = values(&authenticator.means);
    Entity::update_many()
        .col_expr(Column::LastUsedAt, authenticator.last_used_at.map(millis).into())
        .col_expr(Column::Data, data.into())
        .col_expr(Column::LastStep, last_step.into())
        .filter(Column::Id.eq(authenticator.id.0))
        .exec(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn delete(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: AuthenticatorId,
) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id.0))
        .filter(Column::AccountId.eq(account.0))
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(deleted.rows_affected > 0)
}

fn values(means: &Means) -> (Vec<u8>, Option<i64>, Option<Vec<u8>>) {
    match means {
        Means::App { sealed, last_step } => (sealed.clone(), Some(*last_step), None),
        Means::Passkey { credential, state } => (state.clone(), None, Some(credential.clone())),
    }
}

fn read(row: Model) -> StoreResult<Authenticator> {
    let means = match (row.last_step, row.credential) {
        (Some(last_step), None) => Means::App {
            sealed: row.data,
            last_step,
        },
        (None, Some(credential)) => Means::Passkey {
            credential,
            state: row.data,
        },
        // The table takes no other.
        _ => return Err(unreadable("authenticators.last_step")),
    };
    Ok(Authenticator {
        id: AuthenticatorId(row.id),
        account: AccountId(row.account_id),
        name: row.name,
        created_at: timestamp(row.created_at, "authenticators.created_at")?,
        last_used_at: row
            .last_used_at
            .map(|at| timestamp(at, "authenticators.last_used_at"))
            .transpose()?,
        means,
    })
}
