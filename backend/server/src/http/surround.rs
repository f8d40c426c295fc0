//! What holds around every route, of the portals and of the host that asks for cards.

use axum::extract::DefaultBodyLimit;
use axum::{Router, middleware};

use super::body::MAX_BODY_BYTES;
use super::cross_site::refuse_cross_site;
use super::envelope::envelope;
use crate::state::AppState;

pub fn surround<S: Clone + Send + Sync + 'static>(router: Router<S>, state: AppState) -> Router<S> {
    router
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), refuse_cross_site))
        .layer(middleware::from_fn_with_state(state, envelope))
}
