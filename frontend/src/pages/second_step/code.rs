use leptos::prelude::*;
use portique_shared::api::second_step::{CodeFactor, Destination, DestinationView, SecondStepView, SentView};

use super::form::CodeForm;
use super::sms::NoSmsHint;
use super::{Otherwise, Step, destination};
use crate::api;
use crate::components::{
    Alert, FieldState, GoodFor, IfNothingComes, MessageReference, Resend, SENT_CODE, Trouble, Wait,
};
use crate::locales::{second_step, t, use_lang};

/// The code that was sent: where, how long it is good, and the field for it.
#[component]
pub(super) fn Code(step: Step) -> impl IntoView {
    let lang = use_lang();
    let code = FieldState::new(String::new());
    let Step { good, again, .. } = step;
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
                words=SENT_CODE
                on_spent=Callback::new(move |()| good.start(0))
            >
                <GoodFor wait=good />
            </CodeForm>
            <Again step wait=again code />
            <MessageReference reference=Signal::derive(move || {
                read(step, |_, sent| sent.reference.clone())
            }) />
            <NoSmsHint step />
            <IfNothingComes by_mail=Signal::derive(move || {
                read(step, |_, sent| sent.to != Destination::RescuePhone).unwrap_or(true)
            }) />
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

/// Another code, once its time has come; or another way for it.
#[component]
fn Again(step: Step, wait: Wait, code: FieldState) -> impl IntoView {
    let resent = RwSignal::new(false);
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
    let on_resend = Callback::new(move |()| resend());
    view! {
        <Alert trouble retry=on_resend />
        <Resend wait pending resent on_resend />
        <Otherwise step />
    }
}
