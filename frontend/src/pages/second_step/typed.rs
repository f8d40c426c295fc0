use leptos::prelude::*;
use portique_shared::api::second_step::CodeFactor;

use super::form::CodeForm;
use super::{Otherwise, Step};
use crate::components::{CodeWords, FieldState};
use crate::locales::{Text, second_step, t};

const OF_AN_APP: CodeWords = CodeWords {
    label: |l| second_step(l).app_code,
    help: |l| second_step(l).code_help,
    missing: |l| second_step(l).app_missing,
    malformed: |l| second_step(l).code_malformed,
    wrong: Some(|l| second_step(l).app_wrong),
};

const OF_RECOVERY: CodeWords = CodeWords {
    label: |l| second_step(l).recovery_code,
    help: |l| second_step(l).recovery_help,
    missing: |l| second_step(l).recovery_missing,
    malformed: |l| second_step(l).recovery_malformed,
    wrong: Some(|l| second_step(l).recovery_wrong),
};

/// What the page is called while it asks for the code.
pub(super) fn title(factor: CodeFactor) -> Text {
    if factor == CodeFactor::RecoveryCode {
        Text::Word(|l| second_step(l).recovery_title)
    } else {
        Text::Word(|l| second_step(l).app_title)
    }
}

/// A code that the person has already: an application's, or one of the ten.
#[component]
pub(super) fn Typed(step: Step, factor: CodeFactor) -> impl IntoView {
    let code = FieldState::new(String::new());
    let (words, intro) = if factor == CodeFactor::RecoveryCode {
        (OF_RECOVERY, t(|l| second_step(l).recovery_intro))
    } else {
        (OF_AN_APP, t(|l| second_step(l).app_intro))
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{title(factor).show()}</h1>
            <p id="code-intro">{intro}</p>
            <CodeForm step factor code words />
            <Otherwise step />
        </section>
    }
}
