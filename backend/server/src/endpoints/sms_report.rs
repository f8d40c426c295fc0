//! A gateway tells what became of an SMS.
//!
//! Whoever calls knows the message's token, which only its gateway was told; Twilio signs besides. Neither a portal nor a
//! session is asked for: a gateway may come by an address of its own (`sms.reports_to`).

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use portique_delivery::sms::report_path;
use portique_domain::sms::{ReportCall, Reported, is_report_token};
use portique_shared::api::paths;
use portique_shared::api::problem::ErrorCode;
use serde_json::Value;
use uuid::Uuid;

use crate::http::body::bytes;
use crate::http::problem::ApiError;
use crate::http::refusals::{Anywhere, BadReport, FromAnotherSite};
use crate::state::AppState;

/// More fields than any gateway's report has.
const MOST_FIELDS: usize = 100;

#[utoipa::path(
    method(get, post), path = paths::SMS_REPORT, tag = "sms",
    params(
        ("gateway" = String, Path, description = "The gateway's kind, as sms.gateway names it"),
        ("message" = String, Path, description = "The message's id"),
        ("token" = String, Path, description = "What only the gateway was told"),
    ),
    responses(
        (status = 204, description = "Written down, or nothing worth it"),
        BadReport,
        FromAnotherSite,
        Anywhere,
    ),
)]
pub async fn sms_report(
    State(state): State<AppState>,
    Path((kind, message, token)): Path<(String, String, String)>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let unknown = || ApiError::new(ErrorCode::InvalidRequest);
    let sms = state.sms.as_ref().filter(|sms| sms.gateway.kind() == kind);
    let message = Uuid::parse_str(&message).map_err(|_| unknown())?;
    let keyring = &state.tools.keyring;
    // Judged before anything is read: a stranger's call costs an HMAC.
    let sms = sms
        .filter(|_| is_report_token(keyring, message, &token))
        .ok_or_else(unknown)?;
    let query = fields(request.uri().query().unwrap_or_default().as_bytes());
    let path = report_path(&kind, message, &token);
    let is_json = media_type(&request) == "application/json";
    let signature = request
        .headers()
        .get("x-twilio-signature")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let suffix = request
        .uri()
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let body = bytes(request, &state).await?;
    let form = if is_json {
        top_of_json(&body)
    } else {
        fields(&body)
    };
    // The address as the gateway was given it: a proxy in between may have changed the one that came.
    let stored = state.tools.store.message(message).await?;
    let portal = stored.and_then(|message| state.sites.by_name(&message.portal).cloned());
    let portal = portal.ok_or_else(unknown)?;
    let base = sms.reports_to.as_deref().unwrap_or(&portal.portal.public_url);
    let url = format!("{}{path}{suffix}", base.trim_end_matches('/'));
    let call = ReportCall {
        url: &url,
        query: &query,
        form: &form,
        signature: signature.as_deref(),
    };
    let told = sms.gateway.read_report(&call).map_err(|_| unknown())?;
    if let Some(report) = told {
        let reported = Reported {
            report,
            at: state.tools.clock.now(),
        };
        let mut unit = state.tools.store.begin().await?;
        unit.save_report(message, &reported).await?;
        unit.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn media_type(request: &Request) -> String {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}

fn fields(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text)
        .into_owned()
        .take(MOST_FIELDS)
        .collect()
}

/// The texts and numbers at the top of an object; whatever else the body is holds none.
fn top_of_json(text: &[u8]) -> Vec<(String, String)> {
    let Ok(Value::Object(object)) = serde_json::from_slice(text) else {
        return Vec::new();
    };
    object
        .into_iter()
        .filter_map(|(name, value)| match value {
            Value::String(value) => Some((name, value)),
            Value::Number(value) => Some((name, value.to_string())),
            _ => None,
        })
        .take(MOST_FIELDS)
        .collect()
}
