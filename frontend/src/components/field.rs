use leptos::attr::custom::custom_attribute;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::icon::icon;
use super::star::star;
use crate::locales::faults::Fault;
use crate::locales::{Text, common, shell, t, use_lang};

/// What was typed into a field, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct FieldState {
    pub value: RwSignal<String>,
    pub fault: RwSignal<Option<Fault>>,
}

impl FieldState {
    pub fn new(value: String) -> Self {
        Self {
            value: RwSignal::new(value),
            fault: RwSignal::new(None),
        }
    }

    /// Empties the field, as a refused password is.
    pub fn empty(self) {
        self.value.set(String::new());
    }

    /// Notes whether anything was typed; true when it was.
    pub fn require(self) -> bool {
        let missing = self.value.with_untracked(String::is_empty);
        self.fault.set(missing.then(Fault::missing));
        !missing
    }
}

/// A labelled input with its fault below; a secret one can be shown, and warns of caps lock.
#[component]
pub fn Field(
    /// Its name in the request, and its identifier in the page.
    name: &'static str,
    label: Text,
    state: FieldState,
    autocomplete: &'static str,
    #[prop(optional)] secret: bool,
    /// Whether the label carries the star of required fields.
    #[prop(optional)]
    starred: bool,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// The keyboard that a phone shows.
    #[prop(optional, into)]
    inputmode: Option<String>,
    /// What a phone's keyboard begins with a capital: `none`, `words`.
    #[prop(default = "none")]
    autocapitalize: &'static str,
    /// Identifier of a list of suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// Rules for password managers.
    #[prop(optional, into)]
    passwordrules: Option<String>,
    /// Identifier of what describes the field further.
    #[prop(optional)]
    described_by: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let lang = use_lang();
    let shown = RwSignal::new(false);
    let caps_lock = RwSignal::new(false);
    let note_caps_lock = move |event: KeyboardEvent| {
        let on = event.get_modifier_state("CapsLock");
        if secret && caps_lock.get_untracked() != on {
            caps_lock.set(on);
        }
    };
    let fault_id = [name, "-fault"].concat();
    let caps = if secret {
        [" ", name, "-caps"].concat()
    } else {
        String::new()
    };
    let descriptions = [&fault_id, caps.as_str(), " ", described_by].concat();
    let label = label.show();
    let fault = move || {
        state
            .fault
            .with(|fault| fault.as_ref().map(|fault| fault.words(lang.get())))
    };
    view! {
        <div class="field">
            <label for=name>{label}{starred.then(star)}</label>
            <div class="control">
                <input
                    id=name
                    name=name
                    type=move || if secret && !shown.get() { "password" } else { "text" }
                    autocomplete=autocomplete
                    autocapitalize=autocapitalize
                    spellcheck="false"
                    // Beyond it the API refuses; a password is never cut short unseen.
                    maxlength=(!secret).then_some("512")
                    required=!optional
                    aria-describedby=descriptions
                    aria-invalid=move || state.fault.with(Option::is_some).then_some("true")
                    {..custom_attribute("autocorrect", "off")}
                    {..custom_attribute("inputmode", inputmode)}
                    {..custom_attribute("list", list)}
                    {..custom_attribute("passwordrules", passwordrules)}
                    prop:value=state.value
                    on:input=move |event| {
                        state.value.set(event_target_value(&event));
                        state.fault.set(None);
                    }
                    on:keydown=note_caps_lock
                    on:keyup=note_caps_lock
                />
                {secret
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="reveal"
                                aria-label=t(|l| shell(l).show_password)
                                aria-pressed=move || if shown.get() { "true" } else { "false" }
                                aria-controls=name
                                on:click=move |_| shown.update(|shown| *shown = !*shown)
                            >
                                {icon("#icon-eye")}
                            </button>
                        }
                    })}
            </div>
            {secret
                .then(|| {
                    let words = t(|l| common(l).caps_lock);
                    view! {
                        <p class="hint" id=[name, "-caps"].concat() role="status">
                            {move || caps_lock.get().then(words)}
                        </p>
                    }
                })}
            <p class="fault" id=fault_id>
                {fault}
            </p>
            {children.map(|children| children())}
        </div>
    }
}
