use leptos::ev::Event;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::locales::{client, phrases, t, use_lang};
use crate::session::{Countdown, Warning, is_milestone, use_session};

/// The dialog that tells that the session is about to end, and offers to go on.
#[component]
pub fn SessionWarning() -> impl IntoView {
    let session = use_session();
    let Warning(warning) = expect_context();
    let words = use_lang();
    let dialog = NodeRef::<Dialog>::new();
    // An absolute end is told once; then the person is left to finish.
    let understood = RwSignal::new(false);
    // The remaining time that was last said aloud.
    let said = RwSignal::new(None::<u32>);
    let shown = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        let current: Option<Countdown> = warning.get();
        let Some(dialog) = dialog.get() else { return };
        match current {
            None => {
                understood.set(false);
                said.set(None);
                shown.set(None);
                dialog.close();
            }
            Some(countdown) => {
                if is_milestone(shown.get_untracked(), countdown.seconds) {
                    said.set(Some(countdown.seconds));
                }
                shown.set(Some(countdown.seconds));
                let settled = understood.get_untracked() && !countdown.extendable;
                if !dialog.open() && !settled {
                    // A dialog that cannot be shown leaves the countdown's words to the sign-in page.
                    let _ = dialog.show_modal();
                }
            }
        }
    });
    let extendable = move || warning.with(|warning| warning.is_none_or(|warning| warning.extendable));
    let stay = move || {
        if extendable() {
            spawn_local(session.extend());
        } else {
            understood.set(true);
            if let Some(dialog) = dialog.get_untracked() {
                dialog.close();
            }
        }
    };
    // Escape is no way to lose a session: it stays.
    let on_cancel = move |event: Event| {
        event.prevent_default();
        stay();
    };
    let left = move || shown.get().map(phrases::remaining);
    let help = move || {
        let words = client(words.get());
        if extendable() {
            words.session_ends_help
        } else {
            words.session_ends_absolute
        }
    };
    let stay_words = move || {
        let words = client(words.get());
        if extendable() {
            words.stay
        } else {
            words.understood
        }
    };
    let said_words = move || {
        said.get().map(|seconds| {
            [
                client(words.get()).session_ends,
                " ",
                &phrases::remaining(seconds),
            ]
            .concat()
        })
    };
    view! {
        <dialog
            class="session-warning"
            node_ref=dialog
            aria-labelledby="session-warning-title"
            aria-describedby="session-warning-help"
            on:cancel=on_cancel
        >
            <h2 id="session-warning-title">
                {t(|l| client(l).session_ends)} " " <span class="countdown" role="timer">{left}</span>
            </h2>
            <p id="session-warning-help">{help}</p>
            <p class="for-readers" role="status">
                {said_words}
            </p>
            <div class="buttons">
                <button type="button" class="primary" on:click=move |_| stay()>
                    {stay_words}
                </button>
                <button
                    type="button"
                    class="quiet"
                    on:click=move |_| spawn_local(session.sign_out())
                >
                    {t(|l| client(l).sign_out)}
                </button>
            </div>
        </dialog>
    }
}
