//! The portal that the page is shown on, told once by the page itself.

use leptos::prelude::*;
use portique_shared::api::front::FrontView;
use portique_shared::api::portal::PortalView;

/// The portal, for the life of the page; not on the sign-in page.
#[derive(Clone, Copy)]
pub struct Portal(pub &'static PortalView);

pub fn use_portal() -> &'static PortalView {
    expect_context::<Portal>().0
}

/// The portal's front, for the life of the page.
#[derive(Clone, Copy)]
pub struct Front(pub &'static FrontView);

pub fn use_front() -> &'static FrontView {
    expect_context::<Front>().0
}
