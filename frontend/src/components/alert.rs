use core::cell::Cell;

use leptos::prelude::*;

use super::icon::icon;
use super::wait::Wait;
use crate::api::Failure;
use crate::dom;
use crate::locales::{common, faults, t, use_lang};

/// What went wrong with a form, and how long to wait before another try.
#[derive(Clone, Copy)]
pub struct Trouble {
    failure: RwSignal<Option<Failure>>,
    wait: Wait,
    /// Tells this alert from others on the page.
    number: u32,
}

thread_local! {
    /// How many alerts the page has had.
    static ALERTS: Cell<u32> = const { Cell::new(0) };
}

impl Trouble {
    pub fn none() -> Self {
        Self {
            failure: RwSignal::new(None),
            wait: Wait::new(),
            number: ALERTS.replace(ALERTS.get() + 1),
        }
    }

    pub fn clear(self) {
        self.failure.set(None);
    }

    /// Shows a failure, and takes the focus to it.
    pub fn tell(self, failure: Failure) {
        self.wait.start(failure.retry_after());
        self.failure.set(Some(failure));
        request_animation_frame(move || dom::focus(&["#", &self.id()].concat()));
    }

    fn id(self) -> String {
        ["alert-", &self.number.to_string()].concat()
    }

    /// Whether there is any trouble, tracked.
    pub fn any(self) -> bool {
        self.failure.with(Option::is_some)
    }

    /// Whether another try would be refused at once.
    pub fn holds(self) -> bool {
        self.wait.left() > 0 && self.any()
    }
}

/// Says what went wrong above a form. `retry` sends the same again, where that may help.
#[component]
pub fn Alert(trouble: Trouble, retry: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let again = t(|l| common(l).retry);
    move || {
        trouble.failure.get().map(|failure| {
            let told = faults::failure(lang.get(), &failure, 0);
            let offer = told.retry;
            let mend = move || faults::failure(lang.get(), &failure, trouble.wait.left()).mend;
            view! {
                <div class="alert" id=trouble.id() tabindex="-1">
                    {icon("#icon-alert")}
                    <div>
                        <p role="alert">
                            <strong>{told.what}</strong>
                        </p>
                        <p>{mend}</p>
                        {offer
                            .then(|| {
                                view! {
                                    <button type="button" class="quiet" on:click=move |_| retry.run(())>
                                        {again}
                                    </button>
                                }
                            })}
                    </div>
                </div>
            }
        })
    }
}
