use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

use crate::components::FieldState;
use crate::locales::faults::Fault;
use crate::locales::{Text, use_lang};

/// A field that the browser takes for what it is, `email` or `tel`; the one that all pages share, the sign-in page first of all, knows
/// texts and passwords alone.
#[component]
pub(super) fn ContactField(
    /// Its name in the request, and its identifier in the page.
    name: &'static str,
    /// Its type, its keyboard and what the browser fills in.
    kind: &'static str,
    label: Text,
    help: Text,
    state: FieldState,
) -> impl IntoView {
    let lang = use_lang();
    let (fault_id, help_id) = ([name, "-fault"].concat(), [name, "-help"].concat());
    let descriptions = [&fault_id, " ", &help_id].concat();
    let fault = move || {
        let words = |fault: &Fault| fault.words(lang.get());
        state.fault.with(|fault| fault.as_ref().map(words))
    };
    view! {
        <div class="field">
            <label for=name>{label.show()}</label>
            <div class="control">
                <input
                    id=name
                    name=name
                    type=kind
                    autocomplete=kind
                    autocapitalize="none"
                    spellcheck="false"
                    maxlength="512"
                    aria-describedby=descriptions
                    aria-invalid=move || state.fault.with(Option::is_some).then_some("true")
                    {..custom_attribute("autocorrect", "off")}
                    {..custom_attribute("inputmode", kind)}
                    prop:value=state.value
                    on:input=move |event| {
                        state.value.set(event_target_value(&event));
                        state.fault.set(None);
                    }
                />
            </div>
            <p class="fault" id=fault_id>
                {fault}
            </p>
            <p class="hint" id=help_id>
                {help.show()}
            </p>
        </div>
    }
}
