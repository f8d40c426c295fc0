use leptos::prelude::*;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::recovery::{RecoveryBy, RequestTaken};

use super::receipt::Receipt;
use super::{Plea, ToSignIn, focus_on_step};
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Wait, icon};
use crate::dom;
use crate::locales::{Text, phrases, recovery, t, use_lang};
use crate::portal::use_portal;
use crate::title::page_title;

/// What was asked, where the answer goes as far as that may be told, and what to do if none comes.
#[component]
pub fn Taken(plea: Plea, receipt: Receipt) -> impl IntoView {
    page_title(Text::Word(|l| recovery(l).taken_title));
    let (what, then) = words(plea, plea.by(&use_portal().recovery));
    let (what, then, to) = (what.show(), then.show(), t(|l| recovery(l).password_taken_to));
    let masked = move || receipt.read(|taken| taken.masked_address.clone()).flatten();
    let next = move || match masked() {
        Some(address) => view! {
            {to}
            " "
            <strong class="address">{address}</strong>
            "."
        }
        .into_any(),
        None => then.into_any(),
    };
    view! {
        <section class="panel done">
            {icon("#icon-done")}
            <h1 tabindex="-1">{t(|l| recovery(l).taken_title)}</h1>
            <div class="said">
                <p>{what}</p>
                <p>{next}</p>
            </div>
            <Reference reference=Signal::derive(move || {
                receipt.read(|taken| taken.reference.clone()).unwrap_or_default()
            }) />
            <IfNothingComes mend=Callback::new(move |()| {
                receipt.forget();
                focus_on_step();
            }) />
            <Resend receipt />
            <ToSignIn class="primary" back=true />
        </section>
    }
}

/// What was asked; and what follows, in words that tell nobody whether there is an account.
fn words(plea: Plea, by: RecoveryBy) -> (Text, Text) {
    match (plea, by) {
        (Plea::Password, RecoveryBy::Identifier) => (
            Text::Word(|l| recovery(l).password_taken),
            Text::Word(|l| recovery(l).password_taken_if),
        ),
        (Plea::Password, RecoveryBy::Email) => (
            Text::Word(|l| recovery(l).password_taken),
            Text::Word(|l| recovery(l).password_taken_if_email),
        ),
        (Plea::Identifier, _) => (
            Text::Word(|l| recovery(l).identifier_taken),
            Text::Word(|l| recovery(l).identifier_taken_if),
        ),
        (Plea::Invitation, _) => (
            Text::Word(|l| recovery(l).invitation_taken),
            Text::Word(|l| recovery(l).invitation_taken_if),
        ),
        (Plea::Account, _) => (
            Text::Word(|l| recovery(l).account_taken),
            Text::Word(|l| recovery(l).account_taken_next),
        ),
    }
}

/// The short reference that the mail carries too, as it is read over the phone.
#[component]
pub fn Reference(#[prop(into)] reference: Signal<String>) -> impl IntoView {
    view! {
        <p class="reference">
            <span>{t(|l| recovery(l).reference)}</span>
            <strong>{move || reference.with(|reference| phrases::reference(reference))}</strong>
            <small>{t(|l| recovery(l).reference_help)}</small>
        </p>
    }
}

/// What to do if nothing comes; `mend` goes back to the form as it was filled in.
#[component]
fn IfNothingComes(mend: Callback<()>) -> impl IntoView {
    let support = &use_portal().support;
    view! {
        <section class="nothing" aria-labelledby="nothing-title">
            <h2 id="nothing-title">{t(|l| recovery(l).nothing_title)}</h2>
            <ul>
                <li>{t(|l| recovery(l).nothing_wait)}</li>
                <li>{t(|l| recovery(l).nothing_spam)}</li>
                <li>
                    {t(|l| recovery(l).nothing_mistyped)} " "
                    <button type="button" class="link" on:click=move |_| mend.run(())>
                        {t(|l| recovery(l).nothing_again)}
                    </button>
                </li>
                <li>
                    {t(|l| recovery(l).nothing_call)} " "
                    <a href=["tel:", &support.phone_link].concat()>{support.phone.as_str()}</a>
                    " "
                    {t(|l| recovery(l).nothing_reference)}
                </li>
            </ul>
        </section>
    }
}

/// «Renvoyer», once its time has come.
#[component]
fn Resend(receipt: Receipt) -> impl IntoView {
    let lang = use_lang();
    let wait = Wait::new();
    let trouble = Trouble::none();
    let again = RwSignal::new(false);
    let said = wait.milestones();
    let after = move || receipt.read(|taken| taken.resend_after).flatten();
    // Painted anew only when it comes or goes, so that it keeps the focus.
    let offered = Memo::new(move |_| after().is_some());
    Effect::new(move |_| {
        if let Some(seconds) = after() {
            wait.start(seconds);
        }
    });
    let answered = move |answer: Answer<RequestTaken>| match answer {
        Ok(answer) => {
            if answer.resend_after.is_none() {
                // The button goes, and would take the focus with it.
                request_animation_frame(|| dom::focus(".resent"));
            }
            again.set(true);
            // The server tells where the mail goes at the first asking only.
            let masked_address = receipt.read_untracked(|former| former.masked_address.clone());
            receipt.note(RequestTaken {
                masked_address: masked_address.flatten(),
                ..answer
            });
        }
        Err(failure) => tell(trouble, receipt, failure),
    };
    let resend = Action::new_local(move |reference: &String| {
        let reference = reference.clone();
        async move { answered(api::resend(reference).await) }
    });
    let pending = resend.pending();
    let send = move || {
        let reference = receipt.read_untracked(|taken| taken.reference.clone());
        let free = wait.left_untracked() == 0 && !pending.get_untracked() && !trouble.holds();
        if let Some(reference) = reference.filter(|_| free) {
            trouble.clear();
            again.set(false);
            resend.dispatch_local(reference);
        }
    };
    let holds = move || wait.left() > 0 || pending.get();
    let countdown = move |seconds: u32| {
        let words = recovery(lang.get());
        if seconds == 0 {
            words.resend_now.to_owned()
        } else {
            [words.resend_in, " ", &phrases::remaining(seconds), "."].concat()
        }
    };
    let resent = t(|l| recovery(l).resent);
    let button = move || {
        offered.get().then(|| {
            view! {
                <button
                    type="button"
                    class="quiet"
                    aria-disabled=move || holds().then_some("true")
                    aria-describedby="resend-wait"
                    on:click=move |_| send()
                >
                    {t(|l| recovery(l).resend)}
                </button>
            }
        })
    };
    view! {
        <Alert trouble retry=Callback::new(move |()| send()) />
        <div class="resend">
            {button}
            <div>
                <p class="hint resent" role="status" tabindex="-1">
                    {move || again.get().then(resent)}
                </p>
                <p class="hint" id="resend-wait">
                    {move || (offered.get() && wait.left() > 0).then(|| countdown(wait.left()))}
                </p>
            </div>
        </div>
        <p class="for-readers" role="status">
            {move || said.get().map(countdown)}
        </p>
    }
}

/// A reference that was used can't be sent again, whatever one waits.
fn tell(trouble: Trouble, receipt: Receipt, failure: Failure) {
    let spent = matches!(&failure, Failure::Refused(refusal) if refusal.code == ErrorCode::ReferenceSpent);
    if let Some(taken) = receipt.read_untracked(RequestTaken::clone).filter(|_| spent) {
        receipt.note(RequestTaken {
            resend_after: None,
            ..taken
        });
    }
    trouble.tell(failure);
}
