//! The demo: four portals with sample accounts, a mailbox to read, a clock to turn. None of it exists outside
//! `portique serve --demo`.

mod card_files;
mod cards;
mod files;
mod mailbox;
mod samples;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse};
use portique_delivery::mailbox::{DemoMailbox, DemoMessage};
use portique_domain::clock::TurnableClock;
use portique_shared::api::problem::ErrorCode;
use serde::Deserialize;
use validator::Validate;

use crate::http::body::JsonBody;
use crate::http::problem::ApiError;
use crate::state::AppState;

pub use card_files::{SampleCards, copied as copied_cards};
pub use cards::{card_file, cards_page};
pub use files::{PORTALS, write_configuration};
pub use mailbox::mailbox_page;
pub use samples::{SAMPLES, create_samples};

/// What only the demo has.
pub struct Demo {
    pub mailbox: DemoMailbox,
    pub clock: Arc<TurnableClock>,
    /// The folder of the sample cards, where there are any.
    pub cards: Option<PathBuf>,
}

/// Of the demo's own pages.
const STYLE: &str = include_str!("../../templates/demo.css");

/// `GET /demo/messages`: what would have left, the oldest first.
pub async fn messages(State(state): State<AppState>) -> Result<Json<Vec<DemoMessage>>, ApiError> {
    Ok(Json(demo(&state)?.mailbox.list()))
}

/// `GET /demo/messages/{number}/html`: one mail as a mail program would show it, in a frame of its own. Mails carry
/// their style inline; they load nothing and run nothing.
pub async fn message_html(
    State(state): State<AppState>,
    number: Result<Path<usize>, PathRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let not_found = || ApiError::new(ErrorCode::NotFound);
    let Path(number) = number.map_err(|_| not_found())?;
    let message = demo(&state)?
        .mailbox
        .list()
        .into_iter()
        .nth(number)
        .ok_or_else(not_found)?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(message.html)))
}

/// `POST /demo/clock`.
#[derive(Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct TurnClock {
    /// At most a year at a time.
    #[validate(range(max = 31_622_400, code = "length"))]
    advance_seconds: u32,
}

/// Turns the demo's clock forward, so that ends of sessions and passwords can be seen without waiting for them.
pub async fn turn_clock(
    State(state): State<AppState>,
    JsonBody(body): JsonBody<TurnClock>,
) -> Result<Json<serde_json::Value>, ApiError> {
    demo(&state)?.clock.advance(body.advance_seconds);
    state.outbox_bell.notify_one();
    Ok(Json(
        serde_json::json!({ "now": state.tools.clock.now().to_string() }),
    ))
}

fn demo(state: &AppState) -> Result<&Demo, ApiError> {
    state.demo.as_deref().ok_or(ApiError::new(ErrorCode::NotFound))
}
