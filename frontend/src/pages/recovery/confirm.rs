use leptos::prelude::*;
use portique_shared::api::account_request::RequestConfirmed;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::LinkState;

use super::link_end::{LinkEnd, Purpose};
use super::taken::Reference;
use super::{Cancel, ToSignIn, focus_on_step};
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Submit, Trouble, icon};
use crate::locales::{Text, recovery, t};
use crate::mail_token::use_mail_token;
use crate::title::page_title;

/// Where the page stands.
#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// The button, with the link's token. Nothing was sent yet: a mail scanner that opens the page proves nothing.
    Asking(String),
    Ended(LinkState),
    Confirmed {
        reference: String,
    },
}

/// Where the link leads that proves the address of who asks for an account.
#[component]
pub fn ConfirmAccountRequest() -> impl IntoView {
    let mail_token = use_mail_token();
    let step = RwSignal::new(Step::Ended(LinkState::Unknown));
    Effect::new(move |_| {
        if let Some(token) = mail_token.get() {
            step.set(Step::Asking(token));
        }
    });
    let go = Callback::new(move |next: Step| {
        mail_token.forget();
        step.set(next);
        focus_on_step();
    });
    view! {
        <div class="sheet slim">
            {move || match step.get() {
                Step::Asking(token) => view! { <Confirm token go /> }.into_any(),
                Step::Ended(state) => view! { <LinkEnd purpose=Purpose::Account state /> }.into_any(),
                Step::Confirmed { reference } => view! { <Confirmed reference /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Confirm(token: String, go: Callback<Step>) -> impl IntoView {
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
