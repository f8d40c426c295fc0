use leptos::prelude::*;

use super::Step;
use crate::locales::{second_step, t, use_lang};

/// «Se souvenir de ce poste», where the portal lets this account's browsers be remembered. Not ticked: a desktop that is
/// shared must not be.
#[component]
pub(super) fn Remember(step: Step) -> impl IntoView {
    let lang = use_lang();
    let hours = step
        .view
        .with_untracked(|view| view.as_ref().and_then(|view| view.remember_hours));
    hours.map(|hours| {
        let label = move || {
            let words = second_step(lang.get());
            let unit = if hours == 1 { words.hour } else { words.hours };
            [words.remember, " ", &hours.to_string(), "\u{a0}", unit].concat()
        };
        view! {
            <div class="field">
                <label class="check" for="remember">
                    <input
                        id="remember"
                        name="remember"
                        type="checkbox"
                        aria-describedby="remember-help"
                        prop:checked=step.remember
                        on:change=move |event| step.remember.set(event_target_checked(&event))
                    />
                    <span>{label}</span>
                </label>
                <p class="hint" id="remember-help">
                    {t(|l| second_step(l).remember_help)}
                </p>
            </div>
        }
    })
}
