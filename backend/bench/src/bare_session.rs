//! The yardstick of `GET /api/session`: the same query, written with sqlx alone, in the same server. No portal is looked up,
//! nothing becomes a type of the domain.

use std::str::FromStr;

use axum::extract::State;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use portique_shared::api::session::{PersonView, SessionState, SessionView};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ColumnIndex, ConnectOptions, Decode, PgPool, Row, SqlitePool, Type};
use uuid::Uuid;

use crate::server::{self, CONNECTIONS, Kind, PORTAL};

/// As many readers as the product's storage allows itself on a file.
const SQLITE_READERS: u32 = 8;

/// What the product asks, column by column.
const FIND: &str = "SELECT s.token_hash, s.account_id, s.portal, s.scope, s.browser, s.system, s.created_at, s.started_from, \
     s.last_used_at, s.last_used_from, s.idle_expires_at, s.absolute_expires_at, s.previous_sign_in_at, \
     s.provisional_hash, s.proved_at, s.id, a.id, a.portal, a.identifier, a.email, a.rescue_email, a.rescue_phone, a.civility, a.given_name, a.family_name, \
     a.profession, a.national_id, a.privileges, a.status, a.password_hash, a.password_expires_at, \
     a.password_changed_at, a.wants_second_factor, a.language, a.created_at, a.last_sign_in_at \
     FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.portal = $2";

/// A pool of its own beside the product's, as large and set as that one is.
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    pub async fn open(kind: Kind, url: &str) -> anyhow::Result<Self> {
        Ok(match kind {
            Kind::Sqlite => Self::Sqlite(open_sqlite(url).await?),
            Kind::Postgres => Self::Postgres(open_postgres(url).await?),
        })
    }

    /// The query under `path`.
    pub fn route(&self, path: &str) -> Router {
        match self {
            Self::Sqlite(pool) => Router::new().route(path, get(on_sqlite)).with_state(pool.clone()),
            Self::Postgres(pool) => Router::new()
                .route(path, get(on_postgres))
                .with_state(pool.clone()),
        }
    }
}

async fn open_sqlite(url: &str) -> anyhow::Result<SqlitePool> {
    let file = SqliteConnectOptions::from_str(url)?
        .create_if_missing(false)
        .foreign_keys(true)
        .pragma("query_only", "ON")
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS.min(CONNECTIONS))
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(file);
    Ok(pool.await?)
}

async fn open_postgres(url: &str) -> anyhow::Result<PgPool> {
    let server = PgConnectOptions::from_str(url)?.disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false)
        .connect_with(server);
    Ok(pool.await?)
}

async fn on_sqlite(
    State(pool): State<SqlitePool>,
    headers: HeaderMap,
) -> Result<Json<SessionState>, StatusCode> {
    let token = token_hash(&headers)?;
    let query = sqlx::query(FIND).bind(&token[..]).bind(PORTAL);
    let row = query.fetch_optional(&pool).await.map_err(failed)?;
    let row = row.ok_or(StatusCode::NOT_FOUND)?;
    answer(&Found::read(&row).map_err(failed)?)
}

async fn on_postgres(
    State(pool): State<PgPool>,
    headers: HeaderMap,
) -> Result<Json<SessionState>, StatusCode> {
    let token = token_hash(&headers)?;
    let query = sqlx::query(FIND).bind(&token[..]).bind(PORTAL);
    let row = query.fetch_optional(&pool).await.map_err(failed)?;
    let row = row.ok_or(StatusCode::NOT_FOUND)?;
    answer(&Found::read(&row).map_err(failed)?)
}

fn failed(_: sqlx::Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

fn token_hash(headers: &HeaderMap) -> Result<[u8; 32], StatusCode> {
    let cookie = headers.get(COOKIE).and_then(|value| value.to_str().ok());
    let token = cookie.and_then(|cookie| cookie.split_once('=').filter(|(name, _)| *name == server::COOKIE));
    let (_, token) = token.ok_or(StatusCode::BAD_REQUEST)?;
    Ok(Sha256::digest(token.as_bytes()).into())
}

/// A row, each column in the type that the driver gives.
#[expect(dead_code, reason = "read all the same: so does what it is compared with")]
struct Found {
    token_hash: Vec<u8>,
    account_id: Uuid,
    session_portal: String,
    scope: String,
    browser: Option<String>,
    system: Option<String>,
    created_at: i64,
    started_from: Option<String>,
    last_used_at: i64,
    last_used_from: Option<String>,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    previous_sign_in_at: Option<i64>,
    provisional_hash: Option<String>,
    proved_at: Option<i64>,
    session_id: Uuid,
    id: Uuid,
    portal: String,
    identifier: String,
    email: String,
    rescue_email: Option<String>,
    rescue_phone: Option<String>,
    civility: Option<String>,
    given_name: String,
    family_name: String,
    profession: Option<String>,
    national_id: Option<String>,
    privileges: String,
    status: String,
    password_hash: Option<String>,
    password_expires_at: Option<i64>,
    password_changed_at: Option<i64>,
    wants_second_factor: bool,
    language: String,
    account_created_at: i64,
    last_sign_in_at: Option<i64>,
}

impl Found {
    fn read<R: Row>(row: &R) -> Result<Self, sqlx::Error>
    where
        usize: ColumnIndex<R>,
        for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Uuid: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    {
        Ok(Self {
            token_hash: row.try_get(0)?,
            account_id: row.try_get(1)?,
            session_portal: row.try_get(2)?,
            scope: row.try_get(3)?,
            browser: row.try_get(4)?,
            system: row.try_get(5)?,
            created_at: row.try_get(6)?,
            started_from: row.try_get(7)?,
            last_used_at: row.try_get(8)?,
            last_used_from: row.try_get(9)?,
            idle_expires_at: row.try_get(10)?,
            absolute_expires_at: row.try_get(11)?,
            previous_sign_in_at: row.try_get(12)?,
            provisional_hash: row.try_get(13)?,
            proved_at: row.try_get(14)?,
            session_id: row.try_get(15)?,
            id: row.try_get(16)?,
            portal: row.try_get(17)?,
            identifier: row.try_get(18)?,
            email: row.try_get(19)?,
            rescue_email: row.try_get(20)?,
            rescue_phone: row.try_get(21)?,
            civility: row.try_get(22)?,
            given_name: row.try_get(23)?,
            family_name: row.try_get(24)?,
            profession: row.try_get(25)?,
            national_id: row.try_get(26)?,
            privileges: row.try_get(27)?,
            status: row.try_get(28)?,
            password_hash: row.try_get(29)?,
            password_expires_at: row.try_get(30)?,
            password_changed_at: row.try_get(31)?,
            wants_second_factor: row.try_get(32)?,
            language: row.try_get(33)?,
            account_created_at: row.try_get(34)?,
            last_sign_in_at: row.try_get(35)?,
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "the yardstick has no clock passed in")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn answer(found: &Found) -> Result<Json<SessionState>, StatusCode> {
    let now = now();
    let live = found.idle_expires_at.min(found.absolute_expires_at) > now.as_millisecond();
    if !live || found.status != "active" {
        return Err(StatusCode::NOT_FOUND);
    }
    let time = |millis: i64| {
        Timestamp::from_millisecond(millis)
            .map(|at| at.to_string())
            .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    };
    Ok(Json(SessionState::SignedIn(SessionView {
        person: PersonView {
            identifier: found.identifier.clone(),
            // The people of the measurements are all doctors.
            display_name: format!("Dr {} {}", found.given_name, found.family_name.to_uppercase()),
            privileged: !found.privileges.is_empty(),
        },
        password_change_required: found.scope != "full",
        last_sign_in_at: found.previous_sign_in_at.map(time).transpose()?,
        now: now.to_string(),
        idle_expires_at: time(found.idle_expires_at)?,
        absolute_expires_at: time(found.absolute_expires_at)?,
    })))
}
