//! A PostgreSQL server.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::SqlxPostgresConnector;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sea_orm::sqlx::{ConnectOptions, Connection, Error as SqlxError};
use tokio::time::timeout;

use super::{ConnectError, Options};
use crate::Database;
use crate::error::describe_driver;

/// How long the first connection may take. The pool's own would try for as long as a request's patience before it told
/// of a wrong port.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// A connection idle for longer is tried before it is used: a proxy or a restart may have cut it.
const MAY_BE_STALE: Duration = Duration::from_secs(5);

/// What the server may not let pass. Requests are done in milliseconds; these end what hangs, so that its locks go.
const LIMITS: [(&str, &str); 3] = [
    ("statement_timeout", "60s"),
    ("lock_timeout", "20s"),
    ("idle_in_transaction_session_timeout", "60s"),
];

pub(super) async fn connect(url: &str, options: Options) -> Result<Database, ConnectError> {
    let server = PgConnectOptions::from_str(url)
        .map_err(|_| {
            ConnectError::Address("expected postgres://user:password@host:port/database".to_owned())
        })?
        .application_name("portique")
        .options(LIMITS)
        .disable_statement_logging();
    try_once(&server).await?;
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.patience)
        .test_before_acquire(false)
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                if metadata.idle_for >= MAY_BE_STALE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(server);
    let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Database {
        readers: connection.clone(),
        writer: connection,
    })
}

async fn try_once(server: &PgConnectOptions) -> Result<(), ConnectError> {
    let attempt = async { PgConnection::connect_with(server).await?.close().await };
    match timeout(FIRST_ANSWER, attempt).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(refusal(server, error).await),
        Err(_) => Err(ConnectError::NoAnswer {
            at: place(server),
            reason: format!("nothing within {} seconds", FIRST_ANSWER.as_secs()),
        }),
    }
}

async fn refusal(server: &PgConnectOptions, error: SqlxError) -> ConnectError {
    let at = place(server);
    match error {
        SqlxError::Database(database) => match database.code().as_deref() {
            // invalid_authorization_specification, invalid_password
            Some("28000" | "28P01") => ConnectError::Denied {
                at,
                user: server.get_username().to_owned(),
            },
            // invalid_catalog_name
            Some("3D000") => ConnectError::NoDatabase {
                at,
                database: server.get_database().unwrap_or(server.get_username()).to_owned(),
            },
            // too_many_connections
            Some("53300") => ConnectError::TooManyConnections { at },
            _ => ConnectError::Server {
                at,
                reason: describe_driver(&SqlxError::Database(database)),
            },
        },
        SqlxError::Tls(reason) => ConnectError::Tls {
            at,
            reason: reason.to_string(),
        },
        SqlxError::Io(reason) => {
            // The system tells a name that it can't find only in words; asking it again tells it in a type.
            let host = server.get_host();
            match tokio::net::lookup_host((host, server.get_port())).await {
                Err(_) if server.get_socket().is_none() => ConnectError::NoSuchHost(host.to_owned()),
                _ => ConnectError::NoAnswer {
                    at,
                    reason: reason.to_string(),
                },
            }
        }
        other => ConnectError::Server {
            at,
            reason: describe_driver(&other),
        },
    }
}

fn place(server: &PgConnectOptions) -> String {
    match server.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", server.get_host(), server.get_port()),
    }
}
