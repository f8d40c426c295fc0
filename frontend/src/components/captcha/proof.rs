use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind};

use super::{CAPTCHA, CaptchaState, FAULT_ID, UNTOUCHED_RENEWALS};
use crate::api::Answer;
use crate::components::alert::{Alert, Trouble};
use crate::components::icon::icon;
use crate::components::star::star;
use crate::locales::faults::Fault;
use crate::locales::{client, t, use_lang};
use crate::{api, dom, proof};

const PURPOSE_ID: &str = "robot-purpose";

/// How old a challenge gets before another is solved in its place, and how old one may be sent, in milliseconds. It
/// lives for two minutes, counted here from before it was asked for: the browser's clock may differ from the server's.
const YOUNG_MS: i64 = 80_000;
const GOOD_MS: i64 = 115_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Idle,
    Working,
    Done,
}

/// A solved challenge.
#[derive(Clone)]
struct Solved {
    payload: String,
    /// Before it was asked for, in milliseconds since 1970.
    since: i64,
}

#[derive(Clone, Copy)]
pub struct ProofState {
    step: RwSignal<Step>,
    solved: StoredValue<Option<Solved>>,
    fault: RwSignal<Option<Fault>>,
    trouble: Trouble,
    /// Tells the work begun last from what nobody waits for any more.
    ticket: StoredValue<u32>,
    /// Whether that work still goes on.
    busy: StoredValue<bool>,
    untouched: StoredValue<u32>,
}

impl ProofState {
    /// `fault`: of the captcha that it belongs to.
    pub fn new(fault: RwSignal<Option<Fault>>) -> Self {
        Self {
            step: RwSignal::new(Step::Idle),
            solved: StoredValue::new(None),
            fault,
            trouble: Trouble::none(),
            ticket: StoredValue::new(0),
            busy: StoredValue::new(false),
            untouched: StoredValue::new(0),
        }
    }

    /// A proof that is too old to be sent is begun again instead.
    pub fn answer(self) -> Option<CaptchaAnswer> {
        let solved = self.solved.get_value()?;
        if dom::now() - solved.since > GOOD_MS {
            self.begin();
            return None;
        }
        let payload = solved.payload;
        Some(CaptchaAnswer::Proof { payload })
    }

    pub fn is_under_way(self) -> bool {
        self.step.get_untracked() == Step::Working
    }

    /// Begins anew, with the box ticked, and says so.
    pub fn begin(self) {
        self.solved.set_value(None);
        self.trouble.clear();
        self.step.set(Step::Working);
        self.spawn();
    }

    pub fn stop(self) {
        self.next_ticket();
        self.busy.set_value(false);
        self.solved.set_value(None);
        self.trouble.clear();
        self.step.set(Step::Idle);
    }

    /// Solves another challenge while the old one is still good. If that fails, the next look tries again; on a machine
    /// that takes longer than from one look to the next, it goes on.
    pub fn keep_young(self) {
        if self.busy.get_value() {
            return;
        }
        let since = self
            .solved
            .with_value(|solved| solved.as_ref().map(|solved| solved.since));
        let Some(since) = since else { return };
        if dom::now() - since > YOUNG_MS && self.untouched.get_value() < UNTOUCHED_RENEWALS {
            self.untouched.update_value(|count| *count += 1);
            self.spawn();
        }
    }

    fn next_ticket(self) -> u32 {
        let ticket = self.ticket.get_value() + 1;
        self.ticket.set_value(ticket);
        ticket
    }

    fn spawn(self) {
        let ticket = self.next_ticket();
        self.busy.set_value(true);
        // The form may be gone.
        let wanted = move || self.ticket.try_get_value() == Some(ticket);
        spawn_local(async move {
            let since = dom::now();
            let work = async {
                let challenge = api::captcha_proof().await?;
                Ok(proof::solve(challenge, wanted).await)
            };
            let outcome = work.await;
            if wanted() {
                self.busy.set_value(false);
                self.note(outcome, since);
            }
        });
    }

    fn note(self, outcome: Answer<Option<String>>, since: i64) {
        // Renewed unasked: what is there stays good for a while.
        let silent = self.step.get_untracked() == Step::Done;
        match outcome {
            Ok(Some(payload)) => {
                self.solved.set_value(Some(Solved { payload, since }));
                self.fault.set(None);
                self.step.set(Step::Done);
            }
            _ if silent => {}
            Ok(None) => {
                self.step.set(Step::Idle);
                self.fault.set(Some(Fault::word(|l| client(l).robot_unsolved)));
            }
            Err(failure) => {
                self.step.set(Step::Idle);
                self.trouble.tell(failure);
            }
        }
    }
}

/// «Je ne suis pas un robot»: ticking it makes the browser work for a moment. `instead`: beside a picture, as the same
/// without one. `starred`: whether it carries the star of required fields.
#[component]
pub fn Proof(captcha: CaptchaState, instead: bool, starred: bool) -> impl IntoView {
    let lang = use_lang();
    let captcha = captcha.parts();
    let state = captcha.proof;
    let begin = move || {
        captcha.touch(CaptchaKind::Proof);
        state.untouched.set_value(0);
        state.begin();
    };
    let toggle = move |event| {
        if event_target_checked(&event) {
            begin();
        } else {
            captcha.touch(CaptchaKind::Proof);
            state.stop();
        }
    };
    // Beside a picture, only what was tried is marked: one of the two is enough.
    let invalid = move || {
        let concerned = !instead || captcha.by.get() == CaptchaKind::Proof;
        (concerned && captcha.fault.with(Option::is_some)).then_some("true")
    };
    let told = move || {
        let words = client(lang.get());
        match state.step.get() {
            Step::Idle => None,
            Step::Working => Some(view! { {icon("#icon-wait")} <span>{words.robot_working}</span> }),
            Step::Done => Some(view! { {icon("#icon-done")} <span>{words.robot_done}</span> }),
        }
    };
    view! {
        <div class="robot" class:working=move || state.step.get() == Step::Working>
            <label>
                <input
                    type="checkbox"
                    name=CAPTCHA
                    required=!instead
                    aria-invalid=invalid
                    aria-describedby=[PURPOSE_ID, " ", FAULT_ID].concat()
                    prop:checked=move || state.step.get() != Step::Idle
                    on:change=toggle
                />
                <span>{t(|l| client(l).robot)}{starred.then(star)}</span>
            </label>
            <p class="robot-step" role="status">
                {told}
            </p>
            <p class="hint" id=PURPOSE_ID>
                {if instead { t(|l| client(l).robot_instead) } else { t(|l| client(l).robot_purpose) }}
            </p>
        </div>
        <Alert trouble=state.trouble retry=Callback::new(move |()| begin()) />
    }
}
