use leptos::prelude::*;
use portique_shared::api::second_step::{CodeFactor, Destination, DestinationView, SecondStepView, SentView};

use super::form::{CodeForm, CodeWords};
use super::sms::NoSmsHint;
use super::{Otherwise, Step, destination};
use crate::api;
use crate::components::{Alert, FieldState, Trouble, Wait};
use crate::locales::{phrases, recovery, second_step, t, use_lang};
use crate::portal::use_portal;

const SENT: CodeWords = CodeWords {
    label: |l| second_step(l).code,
    help: |l| second_step(l).code_help,
    missing: |l| second_step(l).code_missing,
    malformed: |l| second_step(l).code_malformed,
    wrong: None,
};

/// The code that was sent: where, how long it is good, and the field for it.
#[component]
pub(super) fn Code(step: Step) -> impl IntoView {
    let lang = use_lang();
    let code = FieldState::new(String::new());
    let good = Wait::new();
    let again = Wait::new();
    Effect::new(move |_| {
        if let Some(sent) = read(step, |_, sent| sent.clone()) {
            good.start(sent.expires_in);
            again.start(sent.resend_after);
        }
    });
    let said = move || {
        let words = second_step(lang.get());
        let only = step
            .view
            .with(|view| view.as_ref().is_some_and(|view| view.destinations.len() == 1));
        if only { words.sent_only } else { words.sent_to }
    };
    let place = move || read(step, |place, _| place.map(|place| destination(lang.get(), place))).flatten();
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(|l| second_step(l).title)}</h1>
            <p>{said} " " <strong class="address">{place}</strong></p>
            <CodeForm
                step
                factor=CodeFactor::Sent
                code
                words=SENT
                on_spent=Callback::new(move |()| good.start(0))
            >
                <GoodFor wait=good />
            </CodeForm>
            <Again step wait=again code />
            <p class="reference">
                <span>{t(|l| recovery(l).reference)}</span>
                <strong>
                    {move || read(step, |_, sent| phrases::reference(&sent.reference))}
                </strong>
                <small>{t(|l| second_step(l).reference_help)}</small>
            </p>
            <NoSmsHint step />
            <IfNothingComes step />
        </section>
    }
}

/// Something of the code that was sent last, and of where it went; tracked.
fn read<T>(step: Step, pick: impl FnOnce(Option<&DestinationView>, &SentView) -> T) -> Option<T> {
    step.view.with(|view| {
        let SecondStepView {
            destinations, sent, ..
        } = view.as_ref()?;
        let sent = sent.as_ref()?;
        let place = destinations.iter().find(|place| place.kind == sent.to);
        Some(pick(place, sent))
    })
}

/// What is left of the code's five minutes; said aloud now and then.
#[component]
fn GoodFor(wait: Wait) -> impl IntoView {
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

/// Another code, once its time has come; or another way for it.
#[component]
fn Again(step: Step, wait: Wait, code: FieldState) -> impl IntoView {
    let lang = use_lang();
    let resent = RwSignal::new(false);
    let said = wait.milestones();
    let trouble = Trouble::none();
    let send = Action::new_local(move |(): &()| async move {
        let to = step
            .view
            .with_untracked(|view| view.as_ref()?.sent.as_ref().map(|sent| sent.to));
        let Some(to) = to else { return };
        let answer = api::send_code(to).await;
        step.busy.set(false);
        if step.note(answer, trouble) {
            // What was typed was for the code before.
            code.empty();
            code.fault.set(None);
            resent.set(true);
        }
    });
    let pending = send.pending();
    let resend = move || {
        let free = wait.left_untracked() == 0 && !step.busy.get_untracked() && !trouble.holds();
        if free {
            trouble.clear();
            resent.set(false);
            step.busy.set(true);
            send.dispatch_local(());
        }
    };
    let countdown = move |left: u32| {
        let words = second_step(lang.get());
        if left == 0 {
            words.resend_now.to_owned()
        } else {
            [words.resend_in, " ", &phrases::remaining(left), "."].concat()
        }
    };
    view! {
        <Alert trouble retry=Callback::new(move |()| resend()) />
        <div class="resend">
            <button
                type="button"
                class="quiet"
                aria-disabled=move || (wait.left() > 0 || pending.get()).then_some("true")
                aria-describedby="resend-wait"
                on:click=move |_| resend()
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
        <Otherwise step />
    }
}

#[component]
fn IfNothingComes(step: Step) -> impl IntoView {
    let by_mail = move || read(step, |_, sent| sent.to != Destination::RescuePhone).unwrap_or(true);
    let look = move || {
        if by_mail() {
            t(|l| second_step(l).nothing_spam)()
        } else {
            t(|l| second_step(l).nothing_network)()
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
