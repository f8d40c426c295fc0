use core::future::Future;
use core::pin::Pin;

use leptos::prelude::*;

use super::alert::{Alert, Trouble};
use super::code_sent::Resend;
use super::field::FieldState;
use super::wait::Wait;
use crate::locales::{second_step, t};

/// Asks the server for a code, and says in the trouble why none left; whether one did.
pub type SendCode = Callback<Trouble, Pin<Box<dyn Future<Output = bool>>>>;

/// Another code, once its time has come; or the first one, where none could be sent yet. `code` is the field that it is for.
#[component]
pub fn AnotherCode(
    /// Until another can be sent.
    wait: Wait,
    code: FieldState,
    /// Whether a code is on its way in either direction: another one must not take its place meanwhile.
    busy: RwSignal<bool>,
    /// Whether one was sent before.
    #[prop(default = Signal::stored(true))]
    was_sent: Signal<bool>,
    ask: SendCode,
) -> impl IntoView {
    let resent = RwSignal::new(false);
    let trouble = Trouble::none();
    let sending = Action::new_local(move |(): &()| {
        let another = was_sent.get_untracked();
        let answer = ask.run(trouble);
        async move {
            let left = answer.await;
            // The page may have been left.
            if busy.try_set(false).is_none() && left {
                // What was typed was for the code before.
                code.empty();
                code.fault.set(None);
                resent.set(another);
            }
        }
    });
    let pending = sending.pending();
    let press = move || {
        if wait.left_untracked() == 0 && !busy.get_untracked() && !trouble.holds() {
            trouble.clear();
            resent.set(false);
            busy.set(true);
            sending.dispatch_local(());
        }
    };
    let on_resend = Callback::new(move |()| press());
    let first = move || {
        view! {
            <button
                type="button"
                class="primary"
                aria-disabled=move || pending.get().then_some("true")
                on:click=move |_| press()
            >
                {t(|l| second_step(l).send)}
            </button>
        }
    };
    view! {
        <Alert trouble retry=on_resend />
        <Show when=move || was_sent.get() fallback=first>
            <Resend wait pending resent on_resend />
        </Show>
    }
}
