//! Answers for a folder's authorities over HTTP: their lists, made anew at each request, and OCSP.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Segment, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};

use crate::crl::CrlSpec;
use crate::folder::authorities::Authorities;
use crate::folder::authorities::OCSP_KEY;
use crate::folder::{Keys, read_revoked, revoked_of};
use crate::ocsp::{OcspResponder, Status};
use crate::spec::{Period, Spec};

/// How long a list is good: a day, as the national ones.
const LIST_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

struct Answers {
    folder: PathBuf,
    clock: Clock,
    /// By the name of the authority's files, all good: what is revoked comes from the folder.
    responders: Vec<(&'static str, OcspResponder)>,
}

/// `GET /crl/<authority>.crl` and `POST /ocsp`, for a folder that [`crate::folder::make`] wrote. What is revoked is read
/// from it at each request.
pub fn router(folder: &Path, clock: Clock) -> io::Result<Router> {
    let keys = Keys::read(&folder.join("keys"), Authorities::keys())?;
    let authorities = Authorities::new(&keys, "");
    let responders = authorities.iter().map(|(name, authority)| {
        let delegate = authority.issue(Spec {
            key: keys.get(OCSP_KEY),
            valid: Period::years(2020, 2050),
            ..Spec::ocsp_signer(&format!("OCSP {name}"))
        });
        let responder = OcspResponder {
            delegate: Some(delegate),
            ..OcspResponder::new(authority.clone())
        };
        (name, responder)
    });
    let answers = Answers {
        folder: folder.to_owned(),
        clock,
        responders: responders.collect(),
    };
    Ok(Router::new()
        .route("/crl/{file}", get(list))
        .route("/ocsp", post(answer))
        .with_state(Arc::new(answers)))
}

async fn list(State(answers): State<Arc<Answers>>, Segment(file): Segment<String>) -> Response {
    let found = file
        .strip_suffix(".crl")
        .and_then(|wanted| answers.responders.iter().find(|(name, _)| *name == wanted));
    let Some((name, responder)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(revoked) = read_revoked(&answers.folder) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let now = (answers.clock)();
    let spec = CrlSpec {
        // Each list has a greater number than the one before.
        number: u64::try_from(now.as_second()).unwrap_or(1),
        ..CrlSpec::new(now, now + LIST_LASTS)
    };
    let list = responder.authority.crl(&spec, &revoked_of(name, &revoked, now));
    ([(header::CONTENT_TYPE, "application/pkix-crl")], list).into_response()
}

async fn answer(State(answers): State<Arc<Answers>>, request: Bytes) -> Response {
    let Ok(revoked) = read_revoked(&answers.folder) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let now = (answers.clock)();
    let mine = answers
        .responders
        .iter()
        .find(|(_, responder)| responder.is_asked(&request));
    // Nobody's certificate: any of them says so.
    let Some((name, responder)) = mine.or(answers.responders.first()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let responder = revoked_of(name, &revoked, now)
        .into_iter()
        .fold(responder.clone(), |responder, card| {
            responder.with(&card.serial, Status::Revoked(card.at))
        });
    (
        [(header::CONTENT_TYPE, "application/ocsp-response")],
        responder.answer(&request, now),
    )
        .into_response()
}
