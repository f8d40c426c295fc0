use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::second_step::{CodeFactor, Destination};

use super::sms::{NoSmsHint, SmsSpent};
use super::ways::Way;
use super::{GiveUp, Step, Wanted};
use crate::api;
use crate::components::{Alert, Submit};
use crate::dom;
use crate::locales::{Text, second_step, use_lang};

/// How the person proves who they are, where there is a choice; or a button that sends the code, where none could be sent yet.
#[component]
pub(super) fn Choice(step: Step) -> impl IntoView {
    let lang = use_lang();
    let ways = untrack(|| step.ways());
    // One that is on its way and still good is waited for, not sent anew.
    let on_its_way = step
        .view
        .with_untracked(|view| view.as_ref()?.sent.as_ref().map(|sent| sent.to));
    let chosen = RwSignal::new(0_usize);
    let without_sms = Way::instead_of_sms(&ways);
    let sms_spent = step.sms_spent();
    Effect::new(move |_| {
        if sms_spent.get()
            && let Some(other) = without_sms
        {
            chosen.set(other);
        }
    });
    let send = Action::new_local(move |to: &Destination| {
        let to = *to;
        async move {
            step.note(api::send_code(to).await, step.trouble);
        }
    });
    let pending = send.pending();
    let take = StoredValue::new(ways.clone());
    let go_on = move || {
        if pending.get_untracked() {
            return;
        }
        match take.with_value(|ways| ways.get(chosen.get_untracked()).cloned()) {
            Some(Way::Sent(place)) if on_its_way == Some(place.kind) && step.good.left_untracked() > 0 => {
                show(step, Wanted::Nothing);
            }
            Some(Way::Sent(place)) if !step.trouble.holds() => {
                step.trouble.clear();
                send.dispatch_local(place.kind);
            }
            Some(Way::Passkey) => show(step, Wanted::Passkey),
            Some(Way::App) => show(step, Wanted::Typed(CodeFactor::App)),
            Some(Way::RecoveryCode) => show(step, Wanted::Typed(CodeFactor::RecoveryCode)),
            // A sending is refused for a while; the other ways are open.
            Some(Way::Sent(_)) | None => {}
        }
    };
    let go_on = StoredValue::new(go_on);
    let go_on = move || go_on.with_value(|go_on| go_on());
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        go_on();
    };
    let one_only = ways.len() == 1;
    let title = Way::choice_title(&ways, step.is_proof()).show();
    let intro = Text::Word(intro(&ways)).show();
    let ways = ways
        .into_iter()
        .enumerate()
        .map(|(place, way)| {
            let words = move || way.words(lang.get());
            if one_only {
                return view! { <p class="address">{words}</p> }.into_any();
            }
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="to"
                        prop:checked=move || chosen.get() == place
                        on:change=move |_| chosen.set(place)
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
    request_animation_frame(|| dom::focus_in_place("main h1"));
    view! {
        <section class="panel">
            <h1 tabindex="-1">{title}</h1>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <SmsSpent step />
                <Alert trouble=step.trouble retry=Callback::new(move |()| go_on()) />
                <fieldset class="choices">
                    <legend>{intro}</legend>
                    {ways}
                </fieldset>
                <div class="actions">
                    <Submit label busy=pending />
                    <GiveUp step />
                </div>
            </form>
            <NoSmsHint step />
        </section>
    }
}

/// What stands above the ways.
fn intro(ways: &[Way]) -> fn(Language) -> &'static str {
    if ways.len() == 1 {
        |l| second_step(l).send_only
    } else if ways.iter().all(|way| matches!(way, Way::Sent(_))) {
        |l| second_step(l).choose
    } else {
        |l| second_step(l).choose_any
    }
}

/// Goes on to what was chosen: a code that the person has, their passkey, or else the code that is on its way.
fn show(step: Step, wanted: Wanted) {
    step.trouble.clear();
    step.wanted.set(wanted);
}
