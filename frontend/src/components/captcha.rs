//! A placeholder with the signature of the real component.

use leptos::prelude::*;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind};

/// The captcha of a form, or none where the form shows none.
#[derive(Clone, Copy)]
pub struct CaptchaState {
    kind: Option<CaptchaKind>,
}

impl CaptchaState {
    pub fn new(kind: Option<CaptchaKind>) -> Self {
        Self { kind }
    }

    /// What the form sends.
    pub fn answer(self) -> Option<CaptchaAnswer> {
        self.kind.map(|_| CaptchaAnswer::Proof {
            payload: "placeholder".into(),
        })
    }

    /// Notes whether it was answered; true when it was, or when there is none.
    pub fn require(self) -> bool {
        true
    }

    /// Notes that the server refused the answer.
    pub fn refuse(self) {}

    /// Asks for a new challenge: the last one was used.
    pub fn renew(self) {}
}

#[component]
pub fn Captcha(state: CaptchaState) -> impl IntoView {
    state
        .kind
        .map(|_| view! { <p class="rules">"Je ne suis pas un robot"</p> })
}
