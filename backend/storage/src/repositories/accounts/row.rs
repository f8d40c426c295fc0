//! An account's row, and the account that it tells of.

use portique_domain::account::{
    Account, AccountId, AccountStatus, Civility, PasswordState, Privileges, Record,
};
use portique_domain::folding::fold;
use portique_domain::password::PasswordHash;
use portique_domain::store::StoreResult;
use portique_shared::Language;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;

use crate::columns::{Word, millis, timestamp, unreadable};
use crate::entities::account::{ActiveModel, Column, Model};
use crate::row::Columns;

/// The columns that an account is read from, in the order that [`read`] expects.
pub(crate) const READ: [Column; 20] = [
    Column::Id,
    Column::Portal,
    Column::Identifier,
    Column::Email,
    Column::RescueEmail,
    Column::RescuePhone,
    Column::Civility,
    Column::GivenName,
    Column::FamilyName,
    Column::Profession,
    Column::NationalId,
    Column::Privileges,
    Column::Status,
    Column::PasswordHash,
    Column::PasswordExpiresAt,
    Column::PasswordChangedAt,
    Column::WantsSecondFactor,
    Column::Language,
    Column::CreatedAt,
    Column::LastSignInAt,
];

/// Reads an account from the columns [`READ`], which come next.
pub(crate) fn read(columns: &mut Columns<'_>) -> StoreResult<Account> {
    Ok(Account {
        id: AccountId(columns.get::<Uuid>()?),
        portal: parsed(columns.get::<String>()?, "accounts.portal")?,
        record: record(columns)?,
        status: AccountStatus::from_word(&columns.get::<String>()?, "accounts.status")?,
        password: password(columns)?,
        wants_second_factor: columns.get()?,
        language: Language::from_tag(&columns.get::<String>()?)
            .ok_or_else(|| unreadable("accounts.language"))?,
        created_at: timestamp(columns.get()?, "accounts.created_at")?,
        last_sign_in_at: columns
            .get::<Option<i64>>()?
            .map(|at| timestamp(at, "accounts.last_sign_in_at"))
            .transpose()?,
    })
}

fn record(columns: &mut Columns<'_>) -> StoreResult<Record> {
    Ok(Record {
        identifier: parsed(columns.get::<String>()?, "accounts.identifier")?,
        email: parsed(columns.get::<String>()?, "accounts.email")?,
        rescue_email: optional(columns.get()?, "accounts.rescue_email")?,
        rescue_phone: optional(columns.get()?, "accounts.rescue_phone")?,
        civility: columns
            .get::<Option<String>>()?
            .map(|word| Civility::from_word(&word, "accounts.civility"))
            .transpose()?,
        given_name: columns.get()?,
        family_name: columns.get()?,
        profession: columns.get()?,
        national_id: columns
            .get::<Option<String>>()?
            .map(|number| {
                portique_shared::types::NationalId::parse(&number)
                    .map_err(|_| unreadable("accounts.national_id"))
            })
            .transpose()?,
        privileges: privileges(&columns.get::<String>()?)?,
    })
}

fn privileges(words: &str) -> StoreResult<Privileges> {
    words.parse().map_err(|_| unreadable("accounts.privileges"))
}

fn password(columns: &mut Columns<'_>) -> StoreResult<PasswordState> {
    let hash = columns.get::<Option<String>>()?.map(PasswordHash::from_stored);
    let expires_at: Option<i64> = columns.get()?;
    let changed_at: Option<i64> = columns.get()?;
    match (hash, expires_at, changed_at) {
        (None, None, None) => Ok(PasswordState::None),
        (Some(hash), Some(expires_at), None) => Ok(PasswordState::Provisional {
            hash,
            expires_at: timestamp(expires_at, "accounts.password_expires_at")?,
        }),
        (Some(hash), None, Some(changed_at)) => Ok(PasswordState::Definitive {
            hash,
            changed_at: timestamp(changed_at, "accounts.password_changed_at")?,
        }),
        _ => Err(unreadable("accounts.password_hash")),
    }
}

fn parsed<T: TryFrom<String>>(text: String, column: &str) -> StoreResult<T> {
    T::try_from(text).map_err(|_| unreadable(column))
}

fn optional<T: TryFrom<String>>(text: Option<String>, column: &str) -> StoreResult<Option<T>> {
    text.map(|text| parsed(text, column)).transpose()
}

/// A new account's row.
pub(super) fn new(account: &Account) -> Model {
    let record = &account.record;
    let (password_hash, password_expires_at, password_changed_at) = password_values(&account.password);
    Model {
        id: account.id.0,
        portal: account.portal.to_string(),
        identifier: record.identifier.to_string(),
        folded_identifier: record.folded_identifier(),
        email: record.email.to_string(),
        folded_email: fold(record.email.as_str()),
        rescue_email: record.rescue_email.as_ref().map(ToString::to_string),
        rescue_phone: record.rescue_phone.as_ref().map(ToString::to_string),
        civility: record.civility.map(|civility| civility.word().to_owned()),
        given_name: record.given_name.clone(),
        family_name: record.family_name.clone(),
        profession: record.profession.clone(),
        national_id: record.national_id.as_ref().map(|id| id.number().to_owned()),
        privileges: record.privileges.to_string(),
        status: account.status.word().to_owned(),
        password_hash,
        password_expires_at,
        password_changed_at,
        wants_second_factor: account.wants_second_factor,
        language: account.language.tag().to_owned(),
        created_at: millis(account.created_at),
        last_sign_in_at: account.last_sign_in_at.map(millis),
    }
}

/// The columns that a record fills, those it is looked up by among them.
pub(super) fn record_columns(record: &Record) -> ActiveModel {
    ActiveModel {
        identifier: Set(record.identifier.to_string()),
        folded_identifier: Set(record.folded_identifier()),
        email: Set(record.email.to_string()),
        folded_email: Set(fold(record.email.as_str())),
        rescue_email: Set(record.rescue_email.as_ref().map(ToString::to_string)),
        rescue_phone: Set(record.rescue_phone.as_ref().map(ToString::to_string)),
        civility: Set(record.civility.map(|civility| civility.word().to_owned())),
        given_name: Set(record.given_name.clone()),
        family_name: Set(record.family_name.clone()),
        profession: Set(record.profession.clone()),
        national_id: Set(record.national_id.as_ref().map(|id| id.number().to_owned())),
        privileges: Set(record.privileges.to_string()),
        ..ActiveModel::default()
    }
}

pub(super) fn password_columns(password: &PasswordState) -> ActiveModel {
    let (hash, expires_at, changed_at) = password_values(password);
    ActiveModel {
        password_hash: Set(hash),
        password_expires_at: Set(expires_at),
        password_changed_at: Set(changed_at),
        ..ActiveModel::default()
    }
}

fn password_values(password: &PasswordState) -> (Option<String>, Option<i64>, Option<i64>) {
    let hash = password.hash().map(|hash| hash.as_str().to_owned());
    match password {
        PasswordState::None => (hash, None, None),
        PasswordState::Provisional { expires_at, .. } => (hash, Some(millis(*expires_at)), None),
        PasswordState::Definitive { changed_at, .. } => (hash, None, Some(millis(*changed_at))),
    }
}
