//! The host that asks browsers for a card: a name and a listener of its own, so that nobody else is asked for a certificate.
//!
//! It answers one route. TLS lets everything through to it, no certificate and bad ones too: whoever comes goes on to a page of
//! the portal that says in plain words what is wrong, and never meets the browser's own error.

mod header;
mod listeners;
mod meant;
mod refresher;
mod shown;
mod tls;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONNECTION, LOCATION, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{map_request, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use portique_domain::card_ceremony::CardPurpose;
use portique_domain::use_cases::card::{Showing, show};
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;

pub use self::listeners::CardListeners;
use self::meant::meant;
pub use self::refresher::refresh_now_and_then;
use self::shown::Shown;
use crate::config::CardsProxy;
use crate::http::client::ClientAddress;
use crate::http::envelope::STRICT_TRANSPORT;
use crate::http::portal::host_of;
use crate::http::problem::ApiError;
use crate::http::surround::surround;
use crate::site::Site;
use crate::state::AppState;

/// How a certificate comes to the route.
#[derive(Clone)]
enum Way {
    /// By TLS that ended here.
    Tls { proxy: Option<Arc<CardsProxy>> },
    /// In the header of a proxy.
    Proxy(Arc<CardsProxy>),
}

/// What stands in a token's place where there is nothing to redeem: the portal's page then says that it is over.
const NOTHING: &str = "-";

/// The host's one route, with all that holds around it.
fn router(state: AppState, way: &Way) -> Router {
    let router = Router::new()
        .route("/card/{portal}/{ceremony}", get(card_get))
        .fallback(async || ApiError::new(ErrorCode::NotFound))
        .layer(Extension(way.clone()));
    let router = surround(router, state.clone())
        .layer(map_response(ending))
        .with_state(state);
    match way {
        Way::Tls { .. } => router.layer(map_request(without_hearsay)),
        Way::Proxy(_) => router,
    }
}

/// Every answer ends the connection: the next card is asked for anew, and not the one that it was begun with; nor is a place held by who
/// asks for what is not there.
async fn ending(mut response: Response) -> Response {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
    response
}

/// Inside TLS that ends here there is no proxy: what says where the request comes from was written by who sends it.
async fn without_hearsay(mut request: Request) -> Request {
    request.headers_mut().remove("x-forwarded-for");
    request
}

async fn card_get(
    State(state): State<AppState>,
    Extension(way): Extension<Way>,
    path: Result<Path<(String, String)>, PathRejection>,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> Result<Response, ApiError> {
    let Path((portal, ceremony)) = path.map_err(|_| ApiError::new(ErrorCode::NotFound))?;
    // A ceremony is shown a card once: whoever only looks must not be the one.
    if request.method() != Method::GET {
        return Err(ApiError::new(ErrorCode::MethodNotAllowed));
    }
    let cards = state.cards.as_ref().ok_or(ApiError::new(ErrorCode::NotFound))?;
    let host = host_of(request.uri(), request.headers()).unwrap_or_default();
    let mut sites = state.sites.asking_for_cards_at(host);
    let site = sites.find(|site| site.portal.name.as_str() == portal);
    let site = site.ok_or(ApiError::new(ErrorCode::NotFound))?;
    if !is_a_page(request.headers()) {
        return Err(ApiError::new(ErrorCode::CrossSiteRefused));
    }
    let showing = Showing {
        judge: cards.judge.as_ref(),
        portal: &site.portal,
        ceremony: &ceremony,
        presented: way.presented(&request),
        address,
    };
    let told = show(&state.tools, showing).await?;
    let purpose = told.purpose.unwrap_or(CardPurpose::SignIn);
    let token = told.answer.as_ref().map_or(NOTHING, |answer| answer.as_str());
    on_to(site, screen(purpose), meant(request.uri().query()), token)
}

/// Where what was shown is redeemed.
const fn screen(purpose: CardPurpose) -> &'static str {
    match purpose {
        CardPurpose::SignIn => screens::CARD,
        CardPurpose::Proof => screens::CARD_PROOF,
        CardPurpose::Attach => screens::CARD_ATTACH,
    }
}

/// Back to the portal, with where the person meant to go afterwards. The connection ends with the answer: the next card is asked for
/// anew, and not the one that it was begun with.
fn on_to(site: &Site, screen: &str, meant: Option<&str>, token: &str) -> Result<Response, ApiError> {
    let asked = meant
        .map(|path| format!("?{}={path}", screens::RETURN))
        .unwrap_or_default();
    let location = format!("{}{screen}{asked}#{token}", site.portal.public_url);
    let location =
        HeaderValue::try_from(location).map_err(|error| ApiError::detailed(ErrorCode::Internal, error))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, location);
    let card = site.portal.card.as_ref();
    if card.is_some_and(|card| card.url.starts_with("https://")) {
        let strict = HeaderValue::from_static(STRICT_TRANSPORT);
        headers.insert(STRICT_TRANSPORT_SECURITY, strict);
    }
    Ok(response)
}

/// Whether the browser shows the answer to its person: a picture, a frame or a script of another site asks for no card. Programs
/// and older browsers do not say what they ask for.
fn is_a_page(headers: &HeaderMap) -> bool {
    let is = |name: &str, expected: &str| headers.get(name).is_none_or(|value| value == expected);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}

impl Way {
    fn presented(&self, request: &Request) -> Shown {
        match self {
            Self::Tls { proxy } => shown::by_tls(request, proxy.as_deref()),
            Self::Proxy(proxy) => shown::by_proxy(request, proxy),
        }
    }
}
