use leptos::prelude::*;
use portique_shared::api::problem::FieldReason;

use super::star::star;
use crate::locales::faults::Fault;
use crate::locales::{Text, use_lang};

/// Whether a box is ticked, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct CheckState {
    pub ticked: RwSignal<bool>,
    pub fault: RwSignal<Option<Fault>>,
}

impl CheckState {
    /// Not ticked: an agreement is given, never taken.
    pub fn new() -> Self {
        Self {
            ticked: RwSignal::new(false),
            fault: RwSignal::new(None),
        }
    }

    /// Notes whether the agreement was given; true when it was.
    pub fn require(self) -> bool {
        let given = self.ticked.get_untracked();
        if !given {
            self.refuse();
        }
        given
    }

    /// Says that nothing is taken without it.
    pub fn refuse(self) {
        let fault = Fault::told(FieldReason::ConsentRequired, "");
        self.fault.set(Some(fault));
    }
}

/// A box to tick, its words beside it and its fault below.
#[component]
pub fn CheckField(
    /// Its name in the request, and its identifier in the page.
    name: &'static str,
    label: Text,
    /// What stands in small below.
    help: Text,
    state: CheckState,
) -> impl IntoView {
    let lang = use_lang();
    let [fault_id, help_id] = ["-fault", "-help"].map(|end| [name, end].concat());
    let descriptions = [&fault_id, " ", &help_id].concat();
    let (label, help) = (label.show(), help.show());
    let fault = move || {
        state
            .fault
            .with(|fault| fault.as_ref().map(|fault| fault.words(lang.get())))
    };
    view! {
        <div class="field">
            <label class="check" for=name>
                <input
                    id=name
                    name=name
                    type="checkbox"
                    required
                    aria-describedby=descriptions
                    aria-invalid=move || state.fault.with(Option::is_some).then_some("true")
                    prop:checked=state.ticked
                    on:change=move |event| {
                        state.ticked.set(event_target_checked(&event));
                        state.fault.set(None);
                    }
                />
                <span>{label}{star()}</span>
            </label>
            <p class="hint" id=help_id>
                {help}
            </p>
            <p class="fault" id=fault_id>
                {fault}
            </p>
        </div>
    }
}
