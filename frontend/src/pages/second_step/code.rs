use leptos::prelude::*;
use portique_shared::api::second_step::{CodeFactor, Destination, DestinationView, SecondStepView, SentView};

use super::form::CodeForm;
use super::sms::NoSmsHint;
use super::ways::{Way, destination};
use super::{Otherwise, Step};
use crate::api;
use crate::components::{
    AnotherCode, FieldState, GoodFor, IfNothingComes, MessageReference, SENT_CODE, SendCode, Trouble,
};
use crate::locales::{second_step, use_lang};

/// The code that was sent: where, how long it is good, and the field for it.
#[component]
pub(super) fn Code(step: Step) -> impl IntoView {
    let lang = use_lang();
    let code = FieldState::new(String::new());
    let Step { good, again, .. } = step;
    let ask = SendCode::new(move |trouble| Box::pin(send_again(step, trouble)));
    let said = move || {
        let words = second_step(lang.get());
        let only = step
            .view
            .with(|view| view.as_ref().is_some_and(|view| Way::all(view, true).len() == 1));
        if only { words.sent_only } else { words.sent_to }
    };
    let place = move || read(step, |place, _| place.map(|place| destination(lang.get(), place))).flatten();
    view! {
        <section class="panel">
            <h1 tabindex="-1">{step.sent_title().show()}</h1>
            <p id="code-intro">{said} " " <strong class="address">{place}</strong></p>
            <CodeForm
                step
                factor=CodeFactor::Sent
                code
                words=SENT_CODE
                on_spent=Callback::new(move |()| good.start(0))
            >
                <GoodFor wait=good />
            </CodeForm>
            <AnotherCode wait=again code busy=step.busy ask />
            <Otherwise step />
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

/// Sends another code to where the last one went; whether it left.
async fn send_again(step: Step, trouble: Trouble) -> bool {
    let to = step
        .view
        .with_untracked(|view| view.as_ref()?.sent.as_ref().map(|sent| sent.to));
    let Some(to) = to else { return false };
    let answer = api::send_code(to).await;
    // The page may have been left.
    step.view.try_get_untracked().is_some() && step.note(answer, trouble)
}
