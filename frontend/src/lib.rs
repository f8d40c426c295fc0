//! Portique's client: every screen, in the browser.
//!
//! The server paints a static shell first; one of two bundles takes over from it ([`start_sign_in`] or
//! [`start_client`]), so that a first visit to the sign-in page does not pay for the other screens.

#![expect(
    unreachable_pub,
    reason = "only the two starts leave the crate; `pub` says what leaves its module"
)]

mod api;
mod card_visit;
mod client;
mod components;
mod dom;
mod guard;
mod handover;
mod locales;
mod mail_token;
mod pages;
mod portal;
mod proof;
mod return_path;
mod session;
mod sign_in;
mod start;
mod title;
mod web_otp;
mod webauthn;

use leptos::prelude::*;

use crate::client::ClientApp;
use crate::handover::Handover;
use crate::sign_in::SignInApp;

/// Takes over from the painted sign-in page.
pub fn start_sign_in() {
    let handover = Handover::from_shell();
    start::take_over(move |front, lang| view! { <SignInApp front lang handover /> }.into_any());
}

/// Takes over from the painted frame of any other page.
pub fn start_client() {
    client::use_stylesheet();
    start::take_over(|portal, lang| view! { <ClientApp portal lang /> }.into_any());
}
