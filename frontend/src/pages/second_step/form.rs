use leptos::prelude::*;
use portique_shared::api::second_step::CodeFactor;

use super::remember::Remember;
use super::sms::ReadFromSms;
use super::{GiveUp, Step, go_on};
use crate::api::{self, Outcome};
use crate::components::{CodeEntry, CodeWords, FieldState, Trouble, refuse_code};

/// A code of the sign-in, whatever it is of, and the button that sends it. `children` stand between the two.
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
            if refuse_code(code, words, problems)
                && let Some(on_spent) = on_spent
            {
                on_spent.run(());
            }
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
    let on_code = Callback::new(move |typed: String| {
        step.busy.set(true);
        enter.dispatch_local(typed);
    });
    let described_by = if is_sent {
        "code-intro code-help code-good"
    } else {
        "code-intro code-help"
    };
    view! {
        <CodeEntry
            code
            words
            digits=factor != CodeFactor::RecoveryCode
            described_by
            trouble
            busy=step.busy
            pending=enter.pending()
            on_code
            cancel=view! { <GiveUp step /> }.into_any()
            in_field=is_sent.then(|| view! { <ReadFromSms step code /> }.into_any())
        >
            {children.map(|children| children())}
            <Remember step />
        </CodeEntry>
    }
}
