//! The bundle of the sign-in page: one screen, so neither router nor session to watch. Once somebody is signed
//! in, the page that they asked for is loaded, with the other bundle.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::front::FrontView;

use crate::components::{FieldState, Footer, Header};
use crate::handover::{Handover, Typed, fetch_next_bundle};
use crate::locales::{Lang, follow_language};
use crate::pages::SignIn;
use crate::portal::Front;
use crate::{api, dom, return_path};

/// Why the sign-in page is shown, and where it leads.
#[derive(Clone)]
pub struct Errand {
    /// Why a session ended, in the address's word.
    pub ended: RwSignal<Option<crate::session::Ended>>,
    /// What was typed: the same on every way, so that choosing another loses nothing.
    pub identifier: FieldState,
    pub password: FieldState,
    /// The path that was asked for, unchecked.
    return_to: Option<String>,
}

impl Errand {
    fn from_address(typed: Typed) -> Self {
        Self {
            identifier: FieldState::new(typed.identifier),
            password: FieldState::new(typed.password),
            ended: RwSignal::new(
                dom::query(return_path::ENDED).and_then(|word| crate::session::Ended::from_word(&word)),
            ),
            return_to: dom::query(return_path::RETURN),
        }
    }

    /// The address of a screen for who stands locked out, which leads back here.
    pub fn aside(&self, screen: &str) -> String {
        return_path::keeping(screen, self.return_to.clone())
    }

    /// Goes on to the page that was asked for.
    pub fn go_on(&self) {
        dom::load(&return_path::accepted(self.return_to.clone()));
    }
}

#[component]
pub fn SignInApp(front: &'static FrontView, lang: Lang, handover: Handover) -> impl IntoView {
    provide_context(Front(front));
    provide_context(lang);
    follow_language();
    let errand = Errand::from_address(handover.take());
    provide_context(errand.clone());
    let go_on_if_signed_in = move || {
        let errand = errand.clone();
        spawn_local(async move {
            // Without an answer the form is still of use: sending it tells what is wrong.
            if api::is_signed_in().await == Ok(true) {
                errand.go_on();
            }
        });
    };
    go_on_if_signed_in();
    // The browser may bring the page back as it was left, before somebody signed in.
    let _ = window_event_listener(leptos::ev::pageshow, move |event| {
        if event.persisted() {
            go_on_if_signed_in();
        }
    });
    request_animation_frame(move || handover.restore_focus());
    view! {
        <div class="page" on:input=|_| fetch_next_bundle()>
            <Header person=().into_any() />
            <main id="content" tabindex="-1">
                <SignIn />
            </main>
            <Footer />
        </div>
    }
}
