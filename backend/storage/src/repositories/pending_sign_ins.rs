use jiff::Timestamp;
use portique_domain::account::AccountId;
use portique_domain::password::PasswordHash;
use portique_domain::portal::PortalName;
use portique_domain::reference::Reference;
use portique_domain::second_step::{CodeSeal, PendingSignIn, SentCode, Verified};
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use portique_shared::api::second_step::Destination;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Select,
};

use super::{locks_rows, sweep_ended};
use crate::columns::{Word, count, millis, timestamp, unreadable};
use crate::entities::pending_sign_in::{Column, Entity, Model};
use crate::error::store_error;

/// In the place of a hash, all of which begin with `$`.
const CARD: &str = "card";

pub(crate) async fn insert(connection: &impl ConnectionTrait, pending: &PendingSignIn) -> StoreResult<()> {
    Entity::insert(row(pending).into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    token: TokenHash,
) -> StoreResult<Option<PendingSignIn>> {
    one(connection, of(portal, token)).await
}

pub(crate) async fn for_update(
    connection: &impl ConnectionTrait,
    portal: &PortalName,
    token: TokenHash,
) -> StoreResult<Option<PendingSignIn>> {
    let select = of(portal, token);
    if locks_rows(connection) {
        one(connection, select.lock(LockType::Update)).await
    } else {
        one(connection, select).await
    }
}

pub(crate) async fn save(connection: &impl ConnectionTrait, pending: &PendingSignIn) -> StoreResult<()> {
    row(pending)
        .into_active_model()
        .reset_all()
        .update(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn delete(connection: &impl ConnectionTrait, token: TokenHash) -> StoreResult<bool> {
    let deleted = Entity::delete_many()
        .filter(Column::TokenHash.eq(token.0.to_vec()))
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

fn of(portal: &PortalName, token: TokenHash) -> Select<Entity> {
    Entity::find()
        .filter(Column::TokenHash.eq(token.0.to_vec()))
        .filter(Column::Portal.eq(portal.as_str()))
}

async fn one(
    connection: &impl ConnectionTrait,
    select: Select<Entity>,
) -> StoreResult<Option<PendingSignIn>> {
    let row = select.one(connection).await.map_err(store_error)?;
    row.map(read).transpose()
}

fn row(pending: &PendingSignIn) -> Model {
    let sent = pending.sent.as_ref();
    Model {
        token_hash: pending.token.0.to_vec(),
        account_id: pending.account.0,
        portal: pending.portal.to_string(),
        verified_hash: match &pending.verified {
            Verified::Password(hash) => hash.as_str().to_owned(),
            Verified::Card => CARD.to_owned(),
        },
        expires_at: millis(pending.expires_at),
        proof_of: pending.proof_of.map(|token| token.0.to_vec()),
        code_seal: sent.map(|sent| sent.seal.0.to_vec()),
        sent_to: sent.map(|sent| sent.to.word().to_owned()),
        reference: sent.map(|sent| sent.reference.as_str().to_owned()),
        sent_at: sent.map(|sent| millis(sent.sent_at)),
        code_expires_at: sent.map(|sent| millis(sent.expires_at)),
        wrong: sent.map(|sent| i64::from(sent.wrong)),
    }
}

fn read(row: Model) -> StoreResult<PendingSignIn> {
    let proof_of = row
        .proof_of
        .map(|token| hash(&token, "pending_sign_ins.proof_of"));
    let sent = match (
        row.code_seal,
        row.sent_to,
        row.reference,
        row.sent_at,
        row.code_expires_at,
        row.wrong,
    ) {
        (Some(seal), Some(to), Some(reference), Some(sent_at), Some(expires_at), Some(wrong)) => {
            let seal = <[u8; 32]>::try_from(seal.as_slice());
            Some(SentCode {
                seal: CodeSeal(seal.map_err(|_| unreadable("pending_sign_ins.code_seal"))?),
                to: Destination::from_word(&to, "pending_sign_ins.sent_to")?,
                reference: Reference::parse(&reference)
                    .ok_or_else(|| unreadable("pending_sign_ins.reference"))?,
                sent_at: timestamp(sent_at, "pending_sign_ins.sent_at")?,
                expires_at: timestamp(expires_at, "pending_sign_ins.code_expires_at")?,
                wrong: count(wrong, "pending_sign_ins.wrong")?,
            })
        }
        // The table takes all of them or none.
        _ => None,
    };
    Ok(PendingSignIn {
        token: hash(&row.token_hash, "pending_sign_ins.token_hash")?,
        account: AccountId(row.account_id),
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("pending_sign_ins.portal"))?,
        verified: match row.verified_hash.as_str() {
            CARD => Verified::Card,
            _ => Verified::Password(PasswordHash::from_stored(row.verified_hash)),
        },
        expires_at: timestamp(row.expires_at, "pending_sign_ins.expires_at")?,
        proof_of: proof_of.transpose()?,
        sent,
    })
}

fn hash(bytes: &[u8], column: &str) -> StoreResult<TokenHash> {
    let bytes = <[u8; 32]>::try_from(bytes);
    bytes.map(TokenHash).map_err(|_| unreadable(column))
}
