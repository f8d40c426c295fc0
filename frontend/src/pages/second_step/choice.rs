use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::second_step::Destination;

use super::sms::{NoSmsHint, SmsSpent};
use super::{GiveUp, Step, destination};
use crate::api;
use crate::components::{Alert, Submit};
use crate::locales::{Text, second_step, t, use_lang};

/// Where the code is to go, where there is a choice; or a button that sends it, where none could be sent yet.
#[component]
pub(super) fn Choice(step: Step) -> impl IntoView {
    let lang = use_lang();
    let places = step
        .view
        .with_untracked(|view| view.as_ref().map(|view| view.destinations.clone()))
        .unwrap_or_default();
    let chosen = RwSignal::new(places.first().map(|place| place.kind));
    // The first is a mail, always.
    let first = places.first().map(|place| place.kind);
    Effect::new(move |_| {
        if step.sms_spent.get() {
            chosen.set(first);
        }
    });
    let send = Action::new_local(move |to: &Destination| {
        let to = *to;
        async move {
            step.note(api::send_code(to).await, step.trouble);
        }
    });
    let pending = send.pending();
    let send = move || {
        if let Some(to) = chosen.get_untracked()
            && !pending.get_untracked()
            && !step.trouble.holds()
        {
            step.trouble.clear();
            send.dispatch_local(to);
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let one_only = places.len() == 1;
    let intro = if one_only {
        t(|l| second_step(l).send_only)
    } else {
        t(|l| second_step(l).choose)
    };
    let ways = places
        .into_iter()
        .map(|place| {
            let kind = place.kind;
            let words = move || destination(lang.get(), &place);
            if one_only {
                return view! { <p class="address">{words}</p> }.into_any();
            }
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="to"
                        prop:checked=move || chosen.get() == Some(kind)
                        on:change=move |_| chosen.set(Some(kind))
                    />
                    <span>{words}</span>
                </label>
            }
            .into_any()
        })
        .collect_view();
    let label = if one_only {
        Text::Word(|l| second_step(l).send)
    } else {
        Text::Word(|l| second_step(l).confirm)
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(|l| second_step(l).title)}</h1>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <SmsSpent step />
                <Alert trouble=step.trouble retry=Callback::new(move |()| send()) />
                <fieldset class="choices">
                    <legend>{intro}</legend>
                    {ways}
                </fieldset>
                <div class="actions">
                    <Submit label busy=pending />
                    <GiveUp />
                </div>
            </form>
            <NoSmsHint step />
        </section>
    }
}
