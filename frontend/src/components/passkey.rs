use leptos::prelude::*;
use portique_shared::api::problem::ErrorCode;

use super::alert::{Alert, Trouble};
use super::icon::icon;
use crate::api::Failure;
use crate::dom;
use crate::locales::{Text, passkey, t};
use crate::webauthn::DialogEnd;

/// Where a page stands with a passkey: whether a dialog is open, and how the last one ended.
#[derive(Clone, Copy)]
pub struct Ceremony {
    pub busy: RwSignal<bool>,
    pub trouble: Trouble,
    told: RwSignal<Option<Told>>,
    purpose: &'static Purpose,
}

/// What a passkey is wanted for, by what its ends mean there.
pub struct Purpose {
    cancelled: Told,
    failed: Told,
    refused: Told,
}

/// What happened, and what to do.
#[derive(Clone, Copy)]
pub struct Told {
    pub what: Text,
    pub mend: Text,
}

/// Where the page's alert stands, for the focus.
const ID: &str = "passkey-alert";

/// A sign-in without password, where the server tells no more than at the door.
pub static SIGN_IN: Purpose = Purpose {
    cancelled: NOT_USED,
    failed: FAILED,
    refused: Told {
        what: Text::Word(|l| passkey(l).refused),
        mend: Text::Word(|l| passkey(l).refused_help),
    },
};

/// The second step.
pub static SECOND_STEP: Purpose = Purpose {
    cancelled: NOT_USED,
    failed: FAILED,
    refused: Told {
        what: Text::Word(|l| passkey(l).not_taken),
        mend: Text::Word(|l| passkey(l).not_taken_help),
    },
};

/// A key that is made.
pub static CREATION: Purpose = Purpose {
    cancelled: Told {
        what: Text::Word(|l| passkey(l).not_made),
        mend: Text::Word(|l| passkey(l).not_made_help),
    },
    failed: Told {
        what: Text::Word(|l| passkey(l).making_failed),
        mend: Text::Word(|l| passkey(l).making_failed_help),
    },
    refused: Told {
        what: Text::Word(|l| passkey(l).not_added),
        mend: Text::Word(|l| passkey(l).not_added_help),
    },
};

const NOT_USED: Told = Told {
    what: Text::Word(|l| passkey(l).cancelled),
    mend: Text::Word(|l| passkey(l).cancelled_help),
};

const FAILED: Told = Told {
    what: Text::Word(|l| passkey(l).failed),
    mend: Text::Word(|l| passkey(l).failed_help),
};

const UNSUPPORTED: Told = Told {
    what: Text::Word(|l| passkey(l).unsupported),
    mend: Text::Word(|l| passkey(l).unsupported_help),
};

impl Ceremony {
    pub fn new(purpose: &'static Purpose) -> Self {
        Self {
            busy: RwSignal::new(false),
            trouble: Trouble::none(),
            told: RwSignal::new(None),
            purpose,
        }
    }

    /// Whether another may begin; it has begun then.
    pub fn begin(self) -> bool {
        if self.busy.get_untracked() || self.trouble.holds() {
            return false;
        }
        self.trouble.clear();
        self.told.set(None);
        self.busy.set(true);
        true
    }

    /// Whether the page still shows it: dialogs outlive what they were opened from.
    pub fn is_there(self) -> bool {
        self.busy.try_get_untracked().is_some()
    }

    /// The dialog ended without a signature.
    pub fn ended(self, end: DialogEnd) {
        self.tell(match end {
            DialogEnd::Cancelled => self.purpose.cancelled,
            DialogEnd::Known => Told {
                what: Text::Word(|l| passkey(l).known),
                mend: Text::Word(|l| passkey(l).known_help),
            },
            DialogEnd::Unable => Told {
                what: Text::Word(|l| passkey(l).unable),
                mend: Text::Word(|l| passkey(l).unable_help),
            },
            DialogEnd::Failed => self.purpose.failed,
        });
    }

    /// The server gave no options, or did not take the answer.
    pub fn failed(self, failure: Failure) {
        let refused = matches!(
            &failure,
            Failure::Refused(refusal)
                if matches!(refusal.code, ErrorCode::CredentialsRefused | ErrorCode::ValidationFailed)
        );
        if refused {
            self.refused();
        } else if self.is_there() {
            self.busy.set(false);
            self.trouble.tell(failure);
        }
    }

    /// The server did not take the signature.
    pub fn refused(self) {
        self.tell(self.purpose.refused);
    }

    fn tell(self, told: Told) {
        if !self.is_there() {
            return;
        }
        self.busy.set(false);
        self.told.set(Some(told));
        request_animation_frame(|| dom::focus(&["#", ID].concat()));
    }
}

/// Says how the last dialog ended, where it brought nothing. `retry`: from the options on.
#[component]
pub fn CeremonyAlert(ceremony: Ceremony, retry: Callback<()>) -> impl IntoView {
    view! {
        <Alert trouble=ceremony.trouble retry />
        {move || ceremony.told.get().map(told)}
    }
}

/// Says that this browser knows no passkeys.
#[component]
pub fn Unsupported() -> impl IntoView {
    told(UNSUPPORTED)
}

fn told(told: Told) -> impl IntoView {
    view! {
        <div class="alert" id=ID tabindex="-1">
            {icon("#icon-alert")}
            <div>
                <p role="alert">
                    <strong>{told.what.show()}</strong>
                </p>
                <p>{told.mend.show()}</p>
            </div>
        </div>
    }
}

/// A button that opens the browser's dialog; it says so while it is open. Without `press` it sends the form that it stands in.
#[component]
pub fn PasskeyButton(
    label: Text,
    ceremony: Ceremony,
    #[prop(optional)] press: Option<Callback<()>>,
) -> impl IntoView {
    let (label, waiting) = (label.show(), t(|l| passkey(l).waiting));
    let busy = ceremony.busy;
    view! {
        <button
            type=if press.is_some() { "button" } else { "submit" }
            class="primary"
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |_| {
                if let Some(press) = press {
                    press.run(());
                }
            }
        >
            {icon("#icon-wait")}
            <span>{move || if busy.get() { waiting() } else { label() }}</span>
        </button>
    }
}
