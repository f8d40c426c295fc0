//! The proof of work, computed in the page: a counter whose key begins as the challenge tells (ALTCHA's protocol,
//! version 2, with PBKDF2 and SHA-256).
//!
//! On the page's own thread, in slices short enough that nobody notices: a worker would need a bundle of its own.

mod key;

use js_sys::{Function, Promise};
use leptos::prelude::window;
use portique_shared::api::captcha::ProofChallenge;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

use self::key::Search;

/// How long the page is kept from answering at a time, in milliseconds: half of a frame at 60 a second.
const SLICE_MS: f64 = 8.0;

/// A challenge is not worth solving for longer than it lives, in milliseconds.
const PATIENCE_MS: f64 = 120_000.0;

/// What the server is sent: the challenge as it came, and its solution.
#[derive(Serialize)]
struct Payload<'a> {
    challenge: &'a ProofChallenge,
    solution: Solution,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Solution {
    counter: u32,
    /// In hexadecimal.
    derived_key: String,
}

/// Solves a challenge: its payload, JSON in base64, as ALTCHA's clients send it.
///
/// `None` when nobody waits for it any more (`wanted`, asked at each slice), when it takes longer than a challenge
/// lives, or when it is of a kind that this client doesn't know.
pub async fn solve(challenge: ProofChallenge, wanted: impl Fn() -> bool) -> Option<String> {
    let search = Search::new(&challenge.parameters)?;
    let pause = Pause::new()?;
    let clock = window().performance()?;
    let begun = clock.now();
    let mut counter: u32 = 0;
    while wanted() {
        let slice = clock.now();
        if slice - begun > PATIENCE_MS {
            return None;
        }
        while clock.now() - slice < SLICE_MS {
            if let Some(derived_key) = search.try_counter(counter) {
                let solution = Solution { counter, derived_key };
                return written(&Payload {
                    challenge: &challenge,
                    solution,
                });
            }
            counter = counter.checked_add(1)?;
        }
        pause.take().await?;
    }
    None
}

fn written(payload: &Payload<'_>) -> Option<String> {
    // `btoa` takes Latin letters only: a challenge and its solution are figures and hexadecimal.
    window().btoa(&serde_json::to_string(payload).ok()?).ok()
}

/// Lets the page do what waits: a message to ourselves comes back after it. A timer would come back 4 ms later, a third
/// of the time lost.
struct Pause(MessageChannel);

impl Pause {
    fn new() -> Option<Self> {
        MessageChannel::new().ok().map(Self)
    }

    async fn take(&self) -> Option<()> {
        let back = Promise::new(&mut |resolve: Function, _| self.0.port1().set_onmessage(Some(&resolve)));
        self.0.port2().post_message(&JsValue::NULL).ok()?;
        JsFuture::from(back).await.ok().map(drop)
    }
}

impl Drop for Pause {
    /// An open channel would stay in memory for as long as the page.
    fn drop(&mut self) {
        self.0.port1().close();
    }
}
