//! The end of the step itself, which no code outlives: its last minutes, and what is said when they are over.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Step, Wanted, before};
use crate::components::icon;
use crate::locales::{Text, phrases, second_step, t, use_lang};

/// From when on the remaining seconds are told; earlier they would only hurry the person.
const LAST_SECONDS: u32 = 120;

impl Step {
    /// What the page is called once the step is over.
    pub(super) fn end_title(self) -> Text {
        if self.is_proof() {
            Text::Word(|l| second_step(l).proof_ended_title)
        } else {
            Text::Word(|l| second_step(l).ended_title)
        }
    }
}

/// Tells the last minutes of the step, also aloud, and shows its end when it comes: nobody types a code in vain.
#[component]
pub(super) fn TimeLeft(step: Step) -> impl IntoView {
    let lang = use_lang();
    let said = step.left.milestones();
    let is_proof = move || {
        step.view
            .with(|view| view.as_ref().is_some_and(|view| view.proof))
    };
    Effect::new(move |before: Option<u32>| {
        let left = step.left.left();
        let over = left == 0 && before.is_some_and(|before| before > 0);
        if over && step.wanted.get_untracked() != Wanted::Over {
            spawn_local(step.end());
        }
        left
    });
    let words = move |left: u32| {
        let words = second_step(lang.get());
        let before = if is_proof() {
            words.proof_left
        } else {
            words.time_left
        };
        [before, " ", &phrases::remaining(left), "."].concat()
    };
    let is_last = |left: &u32| (1..=LAST_SECONDS).contains(left);
    let is_over = move || step.wanted.get() == Wanted::Over;
    let shown = move || Some(step.left.left()).filter(is_last).filter(|_| !is_over());
    let aloud = move || {
        if is_over() {
            return Some(step.end_title().get(lang.get()).to_owned());
        }
        said.get().filter(is_last).map(words)
    };
    view! {
        <p class="for-readers" role="status">
            {aloud}
        </p>
        {move || shown().map(|left| view! { <p class="time-left">{words(left)}</p> })}
    }
}

/// What became of the step, and the way back to where it was begun.
#[component]
pub(super) fn Ended(step: Step) -> impl IntoView {
    let (why, again) = if step.is_proof() {
        (
            t(|l| second_step(l).proof_ended),
            t(|l| second_step(l).prove_again),
        )
    } else {
        (t(|l| second_step(l).ended), t(|l| second_step(l).begin_again))
    };
    view! {
        <section class="panel ended">
            {icon("#icon-info")}
            <h1 tabindex="-1">{step.end_title().show()}</h1>
            <p>{why}</p>
            <a class="primary" href=before(step) rel="external">
                {again}
            </a>
        </section>
    }
}
