use jiff::Timestamp;
use portique_domain::card::CardFault;
use portique_domain::card_ceremony::{CardCeremony, CardPurpose, Shown, ShownCard};
use portique_domain::portal::PortalName;
use portique_domain::session::TokenHash;
use portique_domain::store::StoreResult;
use portique_shared::types::NationalId;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, Iterable, QueryFilter,
};

use super::sweep_ended;
use crate::columns::{Word, millis, timestamp, unreadable};
use crate::entities::card_ceremony::{Column, Entity, Model};
use crate::error::store_error;

pub(crate) async fn insert(connection: &impl ConnectionTrait, ceremony: &CardCeremony) -> StoreResult<()> {
    Entity::insert(row(ceremony).into_active_model())
        .exec_without_returning(connection)
        .await
        .map(drop)
        .map_err(store_error)
}

pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    key: [u8; 32],
) -> StoreResult<Option<CardCeremony>> {
    let row = Entity::find_by_id(key.to_vec()).one(connection).await;
    row.map_err(store_error)?.map(read).transpose()
}

/// One statement, so that of two at one instant one finds it written.
pub(crate) async fn note_shown(
    connection: &impl ConnectionTrait,
    key: [u8; 32],
    shown: &Shown,
) -> StoreResult<bool> {
    let (fault, card) = parts(shown);
    let updated = Entity::update_many()
        .col_expr(Column::AnswerHash, shown.answer.0.to_vec().into())
        .col_expr(Column::Fault, fault.into())
        .col_expr(
            Column::Number,
            card.map(|card| card.number.number().to_owned()).into(),
        )
        .col_expr(
            Column::FamilyName,
            card.map(|card| card.family_name.clone()).into(),
        )
        .col_expr(Column::GivenName, card.map(|card| card.given_name.clone()).into())
        .col_expr(Column::Certificate, shown.certificate.clone().into())
        .filter(Column::Key.eq(key.to_vec()))
        .filter(Column::AnswerHash.is_null())
        .exec(connection)
        .await
        .map_err(store_error)?;
    Ok(updated.rows_affected > 0)
}

/// One statement, so that of two at one instant one finds it gone.
pub(crate) async fn take(
    connection: &impl ConnectionTrait,
    answer: TokenHash,
) -> StoreResult<Option<CardCeremony>> {
    let mut delete = Query::delete();
    delete
        .from_table(Entity)
        .and_where(Column::AnswerHash.eq(answer.0.to_vec()))
        .returning(Query::returning().columns(Column::iter()));
    let row = connection.query_one(&delete).await.map_err(store_error)?;
    let row = row.map(|row| Model::from_query_result(&row, ""));
    row.transpose().map_err(store_error)?.map(read).transpose()
}

/// Takes away those whose time is over.
pub(crate) async fn sweep(connection: &impl ConnectionTrait, now: Timestamp) -> StoreResult<()> {
    sweep_ended(connection, Entity, Column::Key, Column::ExpiresAt, now).await
}

fn parts(shown: &Shown) -> (Option<String>, Option<&ShownCard>) {
    match &shown.outcome {
        Ok(card) => (None, Some(card)),
        Err(fault) => (Some(fault.word().to_owned()), None),
    }
}

fn row(ceremony: &CardCeremony) -> Model {
    let shown = ceremony.shown.as_ref();
    let (fault, card) = shown.map_or((None, None), parts);
    Model {
        key: ceremony.key.to_vec(),
        cookie_hash: ceremony.cookie.0.to_vec(),
        portal: ceremony.portal.to_string(),
        purpose: ceremony.purpose.word().to_owned(),
        session_hash: ceremony.session.map(|session| session.0.to_vec()),
        expires_at: millis(ceremony.expires_at),
        answer_hash: shown.map(|shown| shown.answer.0.to_vec()),
        fault,
        number: card.map(|card| card.number.number().to_owned()),
        family_name: card.map(|card| card.family_name.clone()),
        given_name: card.map(|card| card.given_name.clone()),
        certificate: shown.and_then(|shown| shown.certificate.clone()),
    }
}

fn read(row: Model) -> StoreResult<CardCeremony> {
    let session = row
        .session_hash
        .map(|hash| token(&hash, "card_ceremonies.session_hash"));
    let outcome = match (row.fault, row.number, row.family_name, row.given_name) {
        (Some(fault), ..) => {
            let fault = CardFault::from_word(&fault);
            Some(Err(fault.ok_or_else(|| unreadable("card_ceremonies.fault"))?))
        }
        (None, Some(number), Some(family_name), Some(given_name)) => Some(Ok(ShownCard {
            number: NationalId::parse(&number).map_err(|_| unreadable("card_ceremonies.number"))?,
            family_name,
            given_name,
        })),
        // The table takes all of them or none.
        _ => None,
    };
    let shown = match (row.answer_hash, outcome) {
        (Some(answer), Some(outcome)) => Some(Shown {
            answer: token(&answer, "card_ceremonies.answer_hash")?,
            certificate: row.certificate,
            outcome,
        }),
        _ => None,
    };
    Ok(CardCeremony {
        key: token(&row.key, "card_ceremonies.key")?.0,
        cookie: token(&row.cookie_hash, "card_ceremonies.cookie_hash")?,
        portal: PortalName::parse(&row.portal).map_err(|_| unreadable("card_ceremonies.portal"))?,
        purpose: CardPurpose::from_word(&row.purpose, "card_ceremonies.purpose")?,
        session: session.transpose()?,
        expires_at: timestamp(row.expires_at, "card_ceremonies.expires_at")?,
        shown,
    })
}

fn token(bytes: &[u8], column: &str) -> StoreResult<TokenHash> {
    let bytes = <[u8; 32]>::try_from(bytes);
    bytes.map(TokenHash).map_err(|_| unreadable(column))
}
