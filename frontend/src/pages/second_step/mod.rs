//! Between password and session: the second step, in whichever way the person takes it.

mod choice;
mod code;
mod form;
mod passkey;
mod remember;
mod sms;
mod typed;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;
use portique_shared::api::second_step::{CodeFactor, Destination, DestinationView, SecondStepView};

use self::choice::Choice;
use self::code::Code;
use self::passkey::Passkey;
use self::typed::Typed;
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Wait, icon};
use crate::locales::{Text, passkey, recovery, second_step, shell, t};
use crate::portal::use_portal;
use crate::title::{page_title, page_title_of};
use crate::{dom, return_path, webauthn};

/// How far the sign-in has come.
#[derive(Clone, Copy)]
struct Step {
    /// As the server told it last; `None` while it is being asked.
    view: RwSignal<Option<SecondStepView>>,
    /// What the person asked to see, where it is not what comes first.
    wanted: RwSignal<Wanted>,
    /// It waits for no code any more.
    ended: RwSignal<bool>,
    /// While the code that was sent last is good.
    good: Wait,
    /// Until another can be sent.
    again: Wait,
    /// Of looking, and of sending where nothing was sent yet.
    trouble: Trouble,
    /// No SMS can be sent: the day's are spent.
    sms_spent: RwSignal<bool>,
    /// Until one can.
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
                self.sms_spent.set(false);
                // Counted from this answer on, whatever the person looks at meanwhile.
                let sent = view.sent.as_ref();
                self.good.start(sent.map_or(0, |sent| sent.expires_in));
                self.again.start(sent.map_or(0, |sent| sent.resend_after));
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
        self.view.with(|view| {
            let Some(view) = view else {
                return Shown::Looking;
            };
            match self.wanted.get() {
                _ if ways(view) == 0 => Shown::NoWay,
                Wanted::Passkey => Shown::Passkey,
                Wanted::Typed(factor) => Shown::Typed(factor),
                Wanted::Nothing if view.sent.is_some() => Shown::Sent,
                Wanted::Nothing if by_passkey(view) => Shown::Passkey,
                Wanted::Nothing if view.app => Shown::Typed(CodeFactor::App),
                Wanted::Nothing if view.destinations.is_empty() => Shown::Typed(CodeFactor::RecoveryCode),
                Wanted::Nothing | Wanted::Choice => Shown::Choice,
            }
        })
    }

    fn tell(self, failure: Failure, trouble: Trouble) {
        let code = match &failure {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Unreachable => None,
        };
        match code {
            Some(ErrorCode::SecondStepEnded) => spawn_local(self.end()),
            // The mail is still there to choose.
            Some(ErrorCode::SmsSpent) => {
                self.sms_wait.start(failure.retry_after());
                self.sms_spent.set(true);
                self.wanted.set(Wanted::Choice);
                request_animation_frame(|| dom::focus("#sms-spent"));
            }
            _ => trouble.tell(failure),
        }
    }

    /// Whoever is signed in already, in this tab or in another, goes on; the others are told to begin again.
    async fn end(self) {
        if api::is_signed_in().await == Ok(true) {
            go_on();
        } else {
            self.ended.set(true);
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
}

#[derive(Clone, Copy, PartialEq, Eq)]
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
}

/// How many ways there are to take the step.
fn ways(view: &SecondStepView) -> usize {
    view.destinations.len()
        + usize::from(by_passkey(view))
        + usize::from(view.app)
        + usize::from(view.recovery_code)
}

/// Whether the person has a passkey, and this browser knows what that is.
fn by_passkey(view: &SecondStepView) -> bool {
    view.passkey && webauthn::is_supported()
}

/// Where a person goes on after the password, and comes back to after a look at the message: the server tells how far
/// it had come.
#[component]
pub fn SecondStep() -> impl IntoView {
    let step = Step {
        view: RwSignal::new(None),
        wanted: RwSignal::new(Wanted::Nothing),
        ended: RwSignal::new(false),
        good: Wait::new(),
        again: Wait::new(),
        trouble: Trouble::none(),
        sms_spent: RwSignal::new(false),
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
    page_title_of(move || match shown.get() {
        Shown::Passkey => Text::Word(|l| passkey(l).second_step_title),
        Shown::NoWay => Text::Word(|l| second_step(l).no_way_title),
        _ => Text::Word(|l| second_step(l).title),
    });
    view! {
        <div class="sheet slim">
            {move || {
                if step.ended.get() {
                    return view! { <Ended /> }.into_any();
                }
                match shown.get() {
                    Shown::Looking => view! { <Looking trouble=step.trouble retry /> }.into_any(),
                    Shown::Sent => view! { <Code step /> }.into_any(),
                    Shown::Typed(factor) => view! { <Typed step factor /> }.into_any(),
                    Shown::Passkey => view! { <Passkey step /> }.into_any(),
                    Shown::Choice => view! { <Choice step /> }.into_any(),
                    Shown::NoWay => view! { <NoWay step /> }.into_any(),
                }
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
            {t(|l| second_step(l).title)}
        </h1>
        <p class="loading">{move || (!trouble.any()).then(loading)}</p>
    }
}

#[component]
fn Ended() -> impl IntoView {
    page_title(Text::Word(|l| second_step(l).ended_title));
    view! {
        <section class="panel ended">
            {icon("#icon-info")}
            <h1 tabindex="-1">{t(|l| second_step(l).ended_title)}</h1>
            <p>{t(|l| second_step(l).ended)}</p>
            <a class="primary" href=sign_in() rel="external">
                {t(|l| second_step(l).begin_again)}
            </a>
        </section>
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
    let several = step
        .view
        .with_untracked(|view| view.as_ref().is_some_and(|view| ways(view) > 1));
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
    let is_proof = step
        .view
        .with_untracked(|view| view.as_ref().is_some_and(|view| view.proof));
    let back = move || {
        if is_proof {
            return_path::accepted(dom::query(return_path::RETURN))
        } else {
            sign_in()
        }
    };
    let leave = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        spawn_local(async move {
            // Were the server not to hear of it, the step ends by itself.
            let _ = api::give_up_second_step().await;
            dom::load(&back());
        });
    };
    view! {
        <a class="quiet" href=back() rel="external" on:click=leave>
            {t(|l| recovery(l).cancel)}
        </a>
    }
}

/// To the page that was asked for.
fn go_on() {
    dom::load(&return_path::accepted(dom::query(return_path::RETURN)));
}

fn sign_in() -> String {
    return_path::keeping(screens::SIGN_IN, dom::query(return_path::RETURN))
}

/// «Email : exxxxxx@oxxx.fr (e-mail de secours)».
fn destination(language: Language, place: &DestinationView) -> String {
    let words = second_step(language);
    let (means, which) = match place.kind {
        Destination::Email => (words.by_email, None),
        Destination::RescueEmail => (words.by_email, Some(words.rescue_email)),
        Destination::RescuePhone => (words.by_sms, Some(words.rescue_phone)),
    };
    let colon = match language {
        Language::Fr => "\u{a0}: ",
        Language::En => ": ",
    };
    let which = which.map(|which| [" (", which, ")"].concat()).unwrap_or_default();
    [means, colon, &place.masked, &which].concat()
}
