//! Behind a proxy, the card's host and the portals share a listener: the name tells them apart.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;

use super::{Way, router};
use crate::http::portal::host_of;
use crate::state::AppState;

/// Puts the host that asks for cards before the portals, where a proxy brings them. Its requests come to none of the portals'
/// routes, and the portals' to none of its.
pub fn before_the_portals(portals: Router, state: &AppState) -> Router {
    let Some(proxy) = state.cards.as_ref().and_then(|cards| cards.proxy.clone()) else {
        return portals;
    };
    let cards = TowerToHyperService::new(router(state.clone(), Way::Proxy(proxy)));
    let state = state.clone();
    portals.layer(from_fn(move |request: Request, next: Next| {
        let (cards, state) = (cards.clone(), state.clone());
        async move {
            if is_for_cards(&state, &request) {
                // The router refuses nothing: what it can't do is an answer.
                cards.call(request).await.into_response()
            } else {
                next.run(request).await
            }
        }
    }))
}

/// A name that portals claim too is theirs: TLS that ends here then asks for cards on a port of its own.
fn is_for_cards(state: &AppState, request: &Request) -> bool {
    let host = host_of(request.uri(), request.headers()).unwrap_or_default();
    state.sites.asking_for_cards_at(host).next().is_some() && !state.sites.is_a_portals(host)
}
