use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::problem::{FieldProblem, FieldReason};

use super::alert::{Alert, Trouble};
use super::field::{Field, FieldState};
use super::form::Submit;
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, second_step, t};

/// What the form says of one kind of code.
#[derive(Clone, Copy)]
pub struct CodeWords {
    pub label: fn(Language) -> &'static str,
    pub help: fn(Language) -> &'static str,
    pub missing: fn(Language) -> &'static str,
    pub malformed: fn(Language) -> &'static str,
    /// In the place of what is said of a code that was sent.
    pub wrong: Option<fn(Language) -> &'static str>,
}

/// Of a code that was sent.
pub const SENT_CODE: CodeWords = CodeWords {
    label: |l| second_step(l).code,
    help: |l| second_step(l).code_help,
    missing: |l| second_step(l).code_missing,
    malformed: |l| second_step(l).code_malformed,
    wrong: None,
};

/// A code, whatever it is of, and the button that sends it. `children` stand between the two.
#[component]
pub fn CodeEntry(
    code: FieldState,
    words: CodeWords,
    /// Whether it is made of digits alone.
    #[prop(default = true)]
    digits: bool,
    /// Identifiers of what describes the field.
    #[prop(default = "code-intro code-help code-good")]
    described_by: &'static str,
    trouble: Trouble,
    /// Whether a code is on its way in either direction.
    #[prop(into)]
    busy: Signal<bool>,
    /// Whether it is this form's.
    #[prop(into)]
    pending: Signal<bool>,
    on_code: Callback<String>,
    cancel: AnyView,
    /// What stands below the field, as a part of it.
    #[prop(default = None)]
    in_field: Option<AnyView>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let send = move || {
        if busy.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        let typed = code.value.get_untracked();
        if typed.trim().is_empty() {
            code.fault.set(Some(Fault::word(words.missing)));
            request_animation_frame(|| dom::focus("#code"));
        } else {
            on_code.run(typed);
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    request_animation_frame(|| dom::focus_in_place("#code"));
    view! {
        <form class="form" method="post" novalidate on:submit=on_submit>
            <Alert trouble retry=Callback::new(move |()| send()) />
            <Field
                name="code"
                label=Text::Word(words.label)
                state=code
                autocomplete=if digits { "one-time-code" } else { "off" }
                inputmode=if digits { "numeric" } else { "text" }
                autocapitalize=if digits { "none" } else { "characters" }
                described_by
            >
                <p class="hint" id="code-help">
                    {t(words.help)}
                </p>
                {in_field}
            </Field>
            {children.map(|children| children())}
            <div class="actions">
                <Submit label=Text::Word(|l| second_step(l).confirm) busy=pending />
                {cancel}
            </div>
        </form>
    }
}

/// Says beside the field why the code was refused; true when it can't be used any more, whatever is typed.
pub fn refuse_code(code: FieldState, words: CodeWords, problems: Vec<FieldProblem>) -> bool {
    let mut spent = false;
    for refused in problems {
        spent |= refused.reason == FieldReason::CodeSpent;
        code.fault.set(Some(match (refused.reason, words.wrong) {
            (FieldReason::Malformed, _) => Fault::word(words.malformed),
            (FieldReason::WrongCode, Some(wrong)) => Fault::word(wrong),
            (reason, _) => Fault::told(reason, ""),
        }));
    }
    request_animation_frame(|| dom::focus("#code"));
    spent
}
