//! Between password and session: where the code goes, and the code.

mod choice;
mod code;
mod sms;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;
use portique_shared::api::second_step::{Destination, DestinationView, SecondStepView};

use self::choice::Choice;
use self::code::Code;
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Wait, icon};
use crate::locales::{Text, recovery, second_step, shell, t};
use crate::title::page_title;
use crate::{dom, return_path};

/// How far the sign-in has come.
#[derive(Clone, Copy)]
struct Step {
    /// As the server told it last; `None` while it is being asked.
    view: RwSignal<Option<SecondStepView>>,
    /// Whether the person wants the code another way than the last went.
    choosing: RwSignal<bool>,
    /// It waits for no code any more.
    ended: RwSignal<bool>,
    /// Of looking, and of sending where nothing was sent yet.
    trouble: Trouble,
    /// No SMS can be sent: the day's are spent.
    sms_spent: RwSignal<bool>,
    /// Until one can.
    sms_wait: Wait,
    /// Whether a code is on its way in either direction: another one must not take its place meanwhile.
    busy: RwSignal<bool>,
}

impl Step {
    /// Shows what the server tells of the step, or in `trouble` why it tells nothing; `false` then.
    fn note(self, answer: Answer<SecondStepView>, trouble: Trouble) -> bool {
        match answer {
            Ok(view) => {
                self.choosing.set(false);
                self.sms_spent.set(false);
                self.view.set(Some(view));
                true
            }
            Err(failure) => {
                self.tell(failure, trouble);
                false
            }
        }
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
                self.choosing.set(true);
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

/// Where a person goes on after the password, and comes back to after a look at the message: the server tells how far
/// it had come.
#[component]
pub fn SecondStep() -> impl IntoView {
    page_title(Text::Word(|l| second_step(l).title));
    let step = Step {
        view: RwSignal::new(None),
        choosing: RwSignal::new(false),
        ended: RwSignal::new(false),
        trouble: Trouble::none(),
        sms_spent: RwSignal::new(false),
        sms_wait: Wait::new(),
        busy: RwSignal::new(false),
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
    let coded = Memo::new(move |_| {
        let sent = step
            .view
            .with(|view| view.as_ref().map(|view| view.sent.is_some()));
        sent.map(|sent| sent && !step.choosing.get())
    });
    view! {
        <div class="sheet slim">
            {move || {
                if step.ended.get() {
                    return view! { <Ended /> }.into_any();
                }
                match coded.get() {
                    None => view! { <Looking trouble=step.trouble retry /> }.into_any(),
                    Some(true) => view! { <Code step /> }.into_any(),
                    Some(false) => view! { <Choice step /> }.into_any(),
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

/// «Annuler»: the sign-in is given up, and the password would be asked for again.
#[component]
fn GiveUp() -> impl IntoView {
    let leave = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        spawn_local(async move {
            // Were the server not to hear of it, the step ends by itself.
            let _ = api::give_up_second_step().await;
            dom::load(&sign_in());
        });
    };
    view! {
        <a class="quiet" href=sign_in() rel="external" on:click=leave>
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
