//! What stands around the field of a code that was sent: how long it is good, another one, what to do where nothing comes.

use leptos::prelude::*;

use super::wait::Wait;
use crate::locales::{phrases, recovery, second_step, t, use_lang};
use crate::portal::use_portal;

/// What is left of the code's five minutes; said aloud now and then.
#[component]
pub fn GoodFor(wait: Wait) -> impl IntoView {
    let lang = use_lang();
    let said = wait.milestones();
    let words = move |left: u32| {
        let words = second_step(lang.get());
        if left == 0 {
            words.over.to_owned()
        } else {
            [words.good_for, " ", &phrases::remaining(left), "."].concat()
        }
    };
    view! {
        <p class="hint" id="code-good">
            {move || words(wait.left())}
        </p>
        <p class="for-readers" role="status">
            {move || said.get().map(words)}
        </p>
    }
}

/// The button that sends another code, once its time has come.
#[component]
pub fn Resend(
    wait: Wait,
    #[prop(into)] pending: Signal<bool>,
    /// Whether another one was sent.
    #[prop(into)]
    resent: Signal<bool>,
    on_resend: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    let said = wait.milestones();
    let countdown = move |left: u32| {
        let words = second_step(lang.get());
        if left == 0 {
            words.resend_now.to_owned()
        } else {
            [words.resend_in, " ", &phrases::remaining(left), "."].concat()
        }
    };
    view! {
        <div class="resend">
            <button
                type="button"
                class="quiet"
                aria-disabled=move || (wait.left() > 0 || pending.get()).then_some("true")
                aria-describedby="resend-wait"
                on:click=move |_| on_resend.run(())
            >
                {t(|l| second_step(l).resend)}
            </button>
            <div>
                <p class="hint resent" role="status">
                    {move || resent.get().then(|| second_step(lang.get()).resent)}
                </p>
                <p class="hint" id="resend-wait">
                    {move || (wait.left() > 0).then(|| countdown(wait.left()))}
                </p>
            </div>
        </div>
        <p class="for-readers" role="status">
            {move || said.get().map(countdown)}
        </p>
    }
}

/// By which the person and the support speak of the same message.
#[component]
pub fn MessageReference(#[prop(into)] reference: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="reference">
            <span>{t(|l| recovery(l).reference)}</span>
            <strong>
                {move || reference.get().map(|reference| phrases::reference(&reference))}
            </strong>
            <small>{t(|l| second_step(l).reference_help)}</small>
        </p>
    }
}

#[component]
pub fn IfNothingComes(
    /// Whether it was a mail, not an SMS.
    #[prop(into)]
    by_mail: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let look = move || {
        let words = second_step(lang.get());
        if by_mail.get() {
            words.nothing_spam
        } else {
            words.nothing_network
        }
    };
    let support = &use_portal().support;
    view! {
        <section class="nothing" aria-labelledby="nothing-title">
            <h2 id="nothing-title">{t(|l| second_step(l).nothing_title)}</h2>
            <ul>
                <li>{t(|l| second_step(l).nothing_wait)}</li>
                <li>{look}</li>
                <li>
                    {t(|l| second_step(l).nothing_call)} " "
                    <a href=["tel:", &support.phone_link].concat()>{support.phone.as_str()}</a> "."
                </li>
            </ul>
        </section>
    }
}
