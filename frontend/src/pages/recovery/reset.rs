use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::problem::{ErrorCode, FieldProblem, FieldReason};
use portique_shared::api::recovery::{LinkState, LinkView, ResetPasswordRequest};

use super::link_end::{LinkEnd, Purpose};
use super::opened_link::{Looking, OpenedLink};
use super::{Cancel, ToSignIn, focus_on_step};
use crate::api::{self, Failure, Outcome};
use crate::components::{
    Alert, Checker, FieldState, IdentifierInput, PasswordPair, PasswordPairInputs, Stars, Submit, Trouble,
    icon, show_first_fault,
};
use crate::locales::faults::Fault;
use crate::locales::{Text, client, phrases, recovery, t, use_lang};
use crate::portal::use_portal;
use crate::session::use_session;
use crate::title::page_title;

/// Where the page stands.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// The server is being asked where the link stands.
    Looking,
    /// The form, with the account's identifier as far as the portal tells it.
    Form { token: String, identifier: String },
    /// The link opens nothing (any more).
    Ended(LinkState),
    Done {
        /// Whose password it is.
        identifier: String,
    },
}

/// Where a mail's link leads: a new password, and nothing else. It does not sign in.
#[component]
pub fn NewPassword() -> impl IntoView {
    page_title(Text::Word(|l| recovery(l).new_title));
    let step = RwSignal::new(Step::Ended(LinkState::Unknown));
    let go = move |next: Step| {
        // A form that is open stays as it was filled in.
        if step.with_untracked(|now| *now != next) {
            step.set(next);
            focus_on_step();
        }
    };
    let link = OpenedLink::follow(
        move || step.set(Step::Looking),
        move |token, link| match link {
            LinkView {
                state: LinkState::Good,
                identifier,
                ..
            } => go(Step::Form {
                token,
                identifier: identifier.unwrap_or_default(),
            }),
            ended => go(Step::Ended(ended.state)),
        },
    );
    let OpenedLink { trouble, look } = link;
    let done = Callback::new(move |identifier| go(Step::Done { identifier }));
    view! {
        <div class="sheet slim">
            <Alert trouble retry=look />
            {move || match step.get() {
                Step::Looking => {
                    view! { <Looking title=Text::Word(|l| recovery(l).new_title) trouble /> }.into_any()
                }
                Step::Form { token, identifier } => {
                    view! { <Form token identifier done spent=look /> }.into_any()
                }
                Step::Ended(state) => {
                    view! { <LinkEnd purpose=Purpose::Password state /> }.into_any()
                }
                Step::Done { identifier } => view! { <Done identifier /> }.into_any(),
            }}
        </div>
    }
}

/// `done` is told whose password was set; `spent`, when the link turns out to open nothing any more.
#[component]
fn Form(token: String, identifier: String, done: Callback<String>, spent: Callback<()>) -> impl IntoView {
    page_title(Text::Word(|l| recovery(l).new_title));
    let portal = use_portal();
    let session = use_session();
    let lang = use_lang();
    let asked = portal
        .recovery
        .password
        .as_ref()
        .is_some_and(|password| password.asks_identifier);
    let identifier = FieldState::new(if asked { String::new() } else { identifier });
    let password = PasswordPair::checked_by(Checker::Link(token.clone()));
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<()>| match answer {
        Outcome::Done(()) => {
            // The account's sessions are over; whether this browser's was one of them, the server knows.
            spawn_local(session.settle());
            session.tell_other_tabs();
            done.run(identifier.value.get_untracked().trim().to_owned());
        }
        Outcome::Invalid(problems) => refuse(identifier, password, problems),
        Outcome::Failed(failure) => {
            if matches!(&failure, Failure::Refused(refusal) if refusal.code == ErrorCode::LinkSpent) {
                spent.run(());
            }
            trouble.tell(failure);
        }
    };
    let reset = Action::new_local(move |request: &ResetPasswordRequest| {
        let request = request.clone();
        async move { answered(api::reset_password(&request).await) }
    });
    let pending = reset.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        let known = !asked || identifier.require();
        if known & password.check() {
            reset.dispatch_local(ResetPasswordRequest {
                token: token.clone(),
                identifier: asked.then(|| identifier.value.get_untracked()),
                new_password: password.new.value.get_untracked(),
                confirmation: password.confirmation.value.get_untracked(),
            });
        } else {
            show_first_fault();
        }
    };
    let retry = send.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(|l| recovery(l).new_title)}</h1>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <p class="lead">{t(|l| client(l).all_required)}</p>
                <Stars />
                <Alert trouble retry=Callback::new(move |()| retry()) />
                {(!asked)
                    .then(|| {
                        view! {
                            // One mailbox may have several accounts.
                            <p class="whose">
                                {move || phrases::label(lang.get(), client(lang.get()).identifier)}
                                <strong class="address">{identifier.value}</strong>
                            </p>
                        }
                    })}
                <IdentifierInput asked state=identifier />
                <PasswordPairInputs password titled=true />
                <div class="actions">
                    <Submit label=Text::Portal(&portal.password_change.submit) busy=pending />
                    <Cancel />
                </div>
            </form>
        </section>
    }
}

/// Says beside each field what the server refuses.
fn refuse(identifier: FieldState, password: PasswordPair, problems: Vec<FieldProblem>) {
    let other = problems
        .iter()
        .any(|problem| problem.reason == FieldReason::OtherIdentifier);
    password.tell_all(problems, |name| (name == "identifier").then_some(identifier));
    if other {
        let fault = Fault::word(|l| recovery(l).other_identifier);
        identifier.fault.set(Some(fault));
    }
}

#[component]
fn Done(identifier: String) -> impl IntoView {
    page_title(Text::Word(|l| client(l).changed_title));
    view! {
        <section class="panel done">
            {icon("#icon-done")}
            <h1 tabindex="-1">{t(|l| client(l).changed_title)}</h1>
            <p>{t(|l| client(l).changed)}</p>
            <ToSignIn class="primary" identifier />
        </section>
    }
}
