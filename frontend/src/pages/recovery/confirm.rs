use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::account_request::RequestConfirmed;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::{Applicant, LinkState, LinkView};

use super::link_end::{LinkEnd, Purpose};
use super::opened_link::{Looking, OpenedLink};
use super::taken::Reference;
use super::{Cancel, ToSignIn, focus_on_step};
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Submit, Trouble, icon};
use crate::locales::{Text, client, recovery, t};
use crate::title::page_title;

/// Where the page stands.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// The server is being asked where the link stands.
    Looking,
    /// The button, with the link's token and whose request it is. Nothing is proved yet: a mail scanner opens the page too.
    Asking {
        token: String,
        applicant: Applicant,
    },
    Ended(LinkState),
    Confirmed {
        reference: String,
    },
}

/// Where the link leads that proves the address of who asks for an account.
#[component]
pub fn ConfirmAccountRequest() -> impl IntoView {
    page_title(Text::Word(|l| recovery(l).confirm_title));
    let step = RwSignal::new(Step::Ended(LinkState::Unknown));
    let go = Callback::new(move |next: Step| {
        step.set(next);
        focus_on_step();
    });
    let OpenedLink { trouble, look } = OpenedLink::follow(
        move || step.set(Step::Looking),
        move |token, link| {
            go.run(seen(token, link));
        },
    );
    view! {
        <div class="sheet slim">
            <Alert trouble retry=look />
            {move || match step.get() {
                Step::Looking => {
                    view! { <Looking title=Text::Word(|l| recovery(l).confirm_title) trouble /> }
                        .into_any()
                }
                Step::Asking { token, applicant } => {
                    view! { <Confirm token applicant go /> }.into_any()
                }
                Step::Ended(state) => view! { <LinkEnd purpose=Purpose::Account state /> }.into_any(),
                Step::Confirmed { reference } => view! { <Confirmed reference /> }.into_any(),
            }}
        </div>
    }
}

fn seen(token: String, link: LinkView) -> Step {
    match link {
        LinkView {
            state: LinkState::Good,
            applicant: Some(applicant),
            ..
        } => Step::Asking { token, applicant },
        // A good link for something else, on a page that it was not sent for.
        LinkView {
            state: LinkState::Good,
            ..
        } => Step::Ended(LinkState::Unknown),
        LinkView { state, .. } => Step::Ended(state),
    }
}

#[component]
fn Confirm(token: String, applicant: Applicant, go: Callback<Step>) -> impl IntoView {
    let Applicant {
        given_name,
        family_name,
        profession,
        national_id,
    } = applicant;
    page_title(Text::Word(|l| recovery(l).confirm_title));
    let trouble = Trouble::none();
    let answered = move |answer: Answer<Step>| match answer {
        Ok(step) => go.run(step),
        Err(failure) => trouble.tell(failure),
    };
    let confirm = Action::new_local(move |token: &String| {
        let token = token.clone();
        async move { answered(confirm(token).await) }
    });
    let pending = confirm.pending();
    let send = move || {
        if !pending.get_untracked() && !trouble.holds() {
            trouble.clear();
            confirm.dispatch_local(token.clone());
        }
    };
    let retry = send.clone();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(|l| recovery(l).confirm_title)}</h1>
            <p>{t(|l| recovery(l).confirm_intro)}</p>
            <dl class="record">
                {line(|l| client(l).given_name, given_name)} {line(|l| client(l).family_name, family_name)}
                {line(|l| client(l).profession, profession)}
                {national_id.map(|number| line(|l| recovery(l).applicant_national_id, number))}
            </dl>
            <p>{t(|l| recovery(l).confirm_not_you)}</p>
            <form class="form" method="post" novalidate on:submit=on_submit>
                <Alert trouble retry=Callback::new(move |()| retry()) />
                <div class="actions">
                    <Submit label=Text::Word(|l| recovery(l).confirm) busy=pending />
                    <Cancel />
                </div>
            </form>
        </section>
    }
}

fn line(label: fn(Language) -> &'static str, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{t(label)}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// Proves the address; of a link that does so no more, why.
async fn confirm(token: String) -> Answer<Step> {
    match api::confirm_account_request(token.clone()).await {
        Ok(RequestConfirmed { reference }) => Ok(Step::Confirmed { reference }),
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::LinkSpent => {
            let state = api::link(token).await?.state;
            Ok(Step::Ended(state))
        }
        Err(failure) => Err(failure),
    }
}

#[component]
fn Confirmed(reference: String) -> impl IntoView {
    page_title(Text::Word(|l| recovery(l).confirmed_title));
    view! {
        <section class="panel done">
            {icon("#icon-done")}
            <h1 tabindex="-1">{t(|l| recovery(l).confirmed_title)}</h1>
            <p>{t(|l| recovery(l).confirmed)}</p>
            <Reference reference=Signal::stored(reference) />
            <ToSignIn class="primary" back=true />
        </section>
    }
}
