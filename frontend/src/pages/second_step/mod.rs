//! Between password and session: the second step, in whichever way the person takes it.

mod choice;
mod code;
mod end;
mod form;
mod passkey;
mod remember;
mod sms;
mod typed;
mod ways;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;
use portique_shared::api::second_step::{CodeFactor, SecondStepView};

use self::choice::Choice;
use self::code::Code;
use self::end::{Ended, TimeLeft};
use self::passkey::Passkey;
use self::typed::Typed;
use self::ways::Way;
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Wait, icon};
use crate::locales::{Text, passkey, recovery, second_step, shell, t};
use crate::portal::use_portal;
use crate::title::page_title_of;
use crate::{dom, return_path, webauthn};

/// How far the sign-in has come.
#[derive(Clone, Copy)]
struct Step {
    /// As the server told it last; `None` while it is being asked.
    view: RwSignal<Option<SecondStepView>>,
    /// What the person asked to see, where it is not what comes first; or that it is over.
    wanted: RwSignal<Wanted>,
    /// Until it is over by itself.
    left: Wait,
    /// While the code that was sent last is good.
    good: Wait,
    /// Until another can be sent.
    again: Wait,
    /// Of looking, and of sending where nothing was sent yet.
    trouble: Trouble,
    /// Until an SMS can be sent, where the day's are spent.
    sms_wait: Wait,
    /// Whether a code is on its way in either direction: another one must not take its place meanwhile.
    busy: RwSignal<bool>,
    /// Whether this browser is to stand in for the next code.
    remember: RwSignal<bool>,
}

impl Step {
    /// Shows what the server tells of the step, or in `trouble` why it tells nothing; `false` then.
    fn note(self, answer: Answer<SecondStepView>, trouble: Trouble) -> bool {
        match answer {
            Ok(view) => {
                self.wanted.set(Wanted::Nothing);
                self.sms_wait.start(0);
                // Counted from this answer on, whatever the person looks at meanwhile.
                let sent = view.sent.as_ref();
                self.good.start(sent.map_or(0, |sent| sent.expires_in));
                self.again.start(sent.map_or(0, |sent| sent.resend_after));
                self.left.start(view.expires_in);
                self.view.set(Some(view));
                true
            }
            Err(failure) => {
                self.tell(failure, trouble);
                false
            }
        }
    }

    /// What the person sees, tracked: what they chose, else what was sent, else the first of what needs nothing sent.
    fn shown(self) -> Shown {
        let wanted = self.wanted.get();
        if wanted == Wanted::Over {
            return Shown::Ended;
        }
        self.view.with(|view| {
            let Some(view) = view else {
                return Shown::Looking;
            };
            let ways = ways(view);
            match wanted {
                _ if ways.is_empty() => Shown::NoWay,
                Wanted::Passkey => Shown::Passkey,
                Wanted::Typed(factor) => Shown::Typed(factor),
                Wanted::Choice => Shown::Choice,
                Wanted::Nothing if view.sent.is_some() => Shown::Sent,
                Wanted::Nothing | Wanted::Over => Way::first_shown(&ways),
            }
        })
    }

    /// What the page is called, tracked: its heading, and its title in the browser's tab.
    fn title(self) -> Text {
        match self.shown() {
            Shown::Ended => self.end_title(),
            Shown::Looking => Text::Word(|l| second_step(l).choice_title),
            Shown::Sent => self.sent_title(),
            Shown::Typed(factor) => typed::title(factor),
            Shown::Passkey => Text::Word(|l| passkey(l).second_step_title),
            Shown::Choice => Way::choice_title(&self.ways(), self.is_proof()),
            Shown::NoWay => Text::Word(|l| second_step(l).no_way_title),
        }
    }

    /// The same while it asks for the code that was sent.
    fn sent_title(self) -> Text {
        if self.is_proof() {
            Text::Word(|l| second_step(l).proof_title)
        } else {
            Text::Word(|l| second_step(l).title)
        }
    }

    /// The ways to take it, tracked.
    fn ways(self) -> Vec<Way> {
        self.view.with(|view| view.as_ref().map(ways).unwrap_or_default())
    }

    /// Whether the person is signed in already, and proves anew who they are.
    fn is_proof(self) -> bool {
        self.view
            .with_untracked(|view| view.as_ref().is_some_and(|view| view.proof))
    }

    /// Whether no SMS can be sent; it does not change each second, as the wait does.
    fn sms_spent(self) -> Memo<bool> {
        Memo::new(move |_| self.sms_wait.left() > 0)
    }

    fn tell(self, failure: Failure, trouble: Trouble) {
        let code = match &failure {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Unreachable => None,
        };
        match code {
            Some(ErrorCode::SecondStepEnded) => spawn_local(self.end()),
            // What needs no SMS is still there to choose.
            Some(ErrorCode::SmsSpent) => {
                // One that names no time is a refusal all the same.
                self.sms_wait.start(failure.retry_after().max(60));
                self.wanted.set(Wanted::Choice);
                request_animation_frame(|| dom::focus("#sms-spent"));
            }
            _ => trouble.tell(failure),
        }
    }

    /// Who was signing in and is by now, in another tab, goes on; the others are told to begin again.
    async fn end(self) {
        if !self.is_proof() && api::is_signed_in().await == Ok(true) {
            go_on();
        } else if self.wanted.try_set(Wanted::Over).is_none() {
            request_animation_frame(|| dom::focus("main h1"));
        }
    }
}

/// What the person asked to see.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// What was sent last, else the first way of all.
    Nothing,
    /// The ways to choose from.
    Choice,
    /// The field of a code for which nothing is sent.
    Typed(CodeFactor),
    Passkey,
    /// Whatever it was, the step waits for nothing any more.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Looking,
    /// The code that was sent.
    Sent,
    /// A code that the person has already.
    Typed(CodeFactor),
    /// A signature by the person's device.
    Passkey,
    Choice,
    /// There is nothing that the portal takes of this person.
    NoWay,
    Ended,
}

/// The ways to take the step in this browser.
fn ways(view: &SecondStepView) -> Vec<Way> {
    Way::all(view, webauthn::is_supported())
}

/// Where a person goes on after the password, and comes back to after a look at the message: the server tells how far
/// it had come.
#[component]
pub fn SecondStep() -> impl IntoView {
    let step = Step {
        view: RwSignal::new(None),
        wanted: RwSignal::new(Wanted::Nothing),
        left: Wait::new(),
        good: Wait::new(),
        again: Wait::new(),
        trouble: Trouble::none(),
        sms_wait: Wait::new(),
        busy: RwSignal::new(false),
        remember: RwSignal::new(false),
    };
    let look = move || {
        step.trouble.clear();
        spawn_local(async move {
            let answer = api::second_step().await;
            // The page may have been left.
            if step.view.try_get_untracked().is_some() {
                step.note(answer, step.trouble);
            }
        });
    };
    look();
    let retry = Callback::new(move |()| look());
    // A code that is replaced leaves the form, and what was typed, where they are.
    let shown = Memo::new(move |_| step.shown());
    page_title_of(move || step.title());
    view! {
        <div class="sheet slim">
            <TimeLeft step />
            {move || match shown.get() {
                Shown::Looking => view! { <Looking trouble=step.trouble retry /> }.into_any(),
                Shown::Sent => view! { <Code step /> }.into_any(),
                Shown::Typed(factor) => view! { <Typed step factor /> }.into_any(),
                Shown::Passkey => view! { <Passkey step /> }.into_any(),
                Shown::Choice => view! { <Choice step /> }.into_any(),
                Shown::NoWay => view! { <NoWay step /> }.into_any(),
                Shown::Ended => view! { <Ended step /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Looking(trouble: Trouble, retry: Callback<()>) -> impl IntoView {
    let loading = t(|l| shell(l).loading);
    view! {
        <Alert trouble retry />
        <h1 class="for-readers" tabindex="-1">
            {t(|l| second_step(l).choice_title)}
        </h1>
        <p class="loading">{move || (!trouble.any()).then(loading)}</p>
    }
}

/// Only the support can help.
#[component]
fn NoWay(step: Step) -> impl IntoView {
    let support = &use_portal().support;
    // The person has one, and it is this browser that can't use it.
    let by_passkey = step
        .view
        .with_untracked(|view| view.as_ref().is_some_and(|view| view.passkey));
    let words = if by_passkey {
        t(|l| second_step(l).no_way_here)
    } else {
        t(|l| second_step(l).no_way)
    };
    view! {
        <section class="panel ended">
            {icon("#icon-info")}
            <h1 tabindex="-1">{t(|l| second_step(l).no_way_title)}</h1>
            <p>
                {words} " "
                <a href=["tel:", &support.phone_link].concat()>{support.phone.as_str()}</a> "."
            </p>
            <GiveUp step />
        </section>
    }
}

/// To the other ways, where there are any.
#[component]
fn Otherwise(step: Step) -> impl IntoView {
    let several = untrack(|| step.ways().len() > 1);
    several.then(|| {
        view! {
            <button type="button" class="link" on:click=move |_| step.wanted.set(Wanted::Choice)>
                {t(|l| second_step(l).otherwise)}
            </button>
        }
    })
}

/// «Annuler»: the sign-in is given up, and the password would be asked for again. Who is signed in already goes back.
#[component]
fn GiveUp(step: Step) -> impl IntoView {
    let back = before(step);
    let href = back.clone();
    let leave = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let back = back.clone();
        spawn_local(async move {
            // Were the server not to hear of it, the step ends by itself.
            let _ = api::give_up_second_step().await;
            dom::load(&back);
        });
    };
    view! {
        <a class="quiet" href=href rel="external" on:click=leave>
            {t(|l| recovery(l).cancel)}
        </a>
    }
}

/// To the page that was asked for.
fn go_on() {
    dom::load(&return_path::accepted(dom::query(return_path::RETURN)));
}

/// Where the step was begun: the page that asked who is signed in for a proof, or the sign-in page.
fn before(step: Step) -> String {
    let asked = dom::query(return_path::RETURN);
    if step.is_proof() {
        return_path::accepted(asked)
    } else {
        return_path::keeping(screens::SIGN_IN, asked)
    }
}
