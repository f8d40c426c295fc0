use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::second_step::CodeFactor;

use super::remember::Remember;
use super::sms::ReadFromSms;
use super::{GiveUp, Step, go_on};
use crate::api::{self, Outcome};
use crate::components::{Alert, Field, FieldState, Submit, Trouble};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, second_step, t};

/// What the form says of one factor's code.
#[derive(Clone, Copy)]
pub(super) struct CodeWords {
    pub(super) label: fn(Language) -> &'static str,
    pub(super) help: fn(Language) -> &'static str,
    pub(super) missing: fn(Language) -> &'static str,
    pub(super) malformed: fn(Language) -> &'static str,
    /// In the place of what is said of a code that was sent.
    pub(super) wrong: Option<fn(Language) -> &'static str>,
}

/// A code, whatever it is of, and the button that sends it. `children` stand between the two.
#[component]
pub(super) fn CodeForm(
    step: Step,
    factor: CodeFactor,
    code: FieldState,
    words: CodeWords,
    /// The code can't be used any more, whatever is typed.
    #[prop(optional)]
    on_spent: Option<Callback<()>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let trouble = Trouble::none();
    let is_sent = factor == CodeFactor::Sent;
    let answered = move |answer: Outcome<()>| match answer {
        Outcome::Done(()) => go_on(),
        Outcome::Invalid(problems) => {
            for refused in problems {
                if refused.reason == FieldReason::CodeSpent
                    && let Some(on_spent) = on_spent
                {
                    on_spent.run(());
                }
                code.fault.set(Some(match (refused.reason, words.wrong) {
                    (FieldReason::Malformed, _) => Fault::word(words.malformed),
                    (FieldReason::WrongCode, Some(wrong)) => Fault::word(wrong),
                    (reason, _) => Fault::told(reason, ""),
                }));
            }
            request_animation_frame(|| dom::focus("#code"));
        }
        Outcome::Failed(failure) => step.tell(failure, trouble),
    };
    let enter = Action::new_local(move |typed: &String| {
        let typed = typed.clone();
        async move {
            let answer = api::enter_code(typed, factor, step.remember.get_untracked()).await;
            step.busy.set(false);
            answered(answer);
        }
    });
    let pending = enter.pending();
    let send = move || {
        if step.busy.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        let typed = code.value.get_untracked();
        if typed.trim().is_empty() {
            code.fault.set(Some(Fault::word(words.missing)));
            request_animation_frame(|| dom::focus("#code"));
        } else {
            step.busy.set(true);
            enter.dispatch_local(typed);
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    request_animation_frame(|| dom::focus_in_place("#code"));
    let is_digits = factor != CodeFactor::RecoveryCode;
    view! {
        <form class="form" method="post" novalidate on:submit=on_submit>
            <Alert trouble retry=Callback::new(move |()| send()) />
            <Field
                name="code"
                label=Text::Word(words.label)
                state=code
                autocomplete=if is_digits { "one-time-code" } else { "off" }
                inputmode=if is_digits { "numeric" } else { "text" }
                autocapitalize=if is_digits { "none" } else { "characters" }
                described_by=if is_sent { "code-help code-good" } else { "code-help" }
            >
                <p class="hint" id="code-help">
                    {t(words.help)}
                </p>
                {is_sent.then(|| view! { <ReadFromSms step code /> })}
            </Field>
            {children.map(|children| children())}
            <Remember step />
            <div class="actions">
                <Submit label=Text::Word(|l| second_step(l).confirm) busy=pending />
                <GiveUp step />
            </div>
        </form>
    }
}
