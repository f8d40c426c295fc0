use leptos::prelude::*;
use portique_shared::api::contacts::{ConfirmContactRequest, ContactKind, ContactsView, PendingContactView};

use super::{Page, Word};
use crate::api::{self, Outcome};
use crate::components::{
    AnotherCode, CodeEntry, FieldState, GoodFor, IfNothingComes, MessageReference, SENT_CODE, SendCode,
    Trouble, Wait, refuse_code,
};
use crate::locales::{phrases, record, recovery, t, use_lang};

/// What the page is called while it asks for the code of a new address or telephone.
pub(super) const fn proof_title(kind: ContactKind) -> Word {
    match kind {
        ContactKind::RescueEmail => |l| record(l).prove_email,
        ContactKind::RescuePhone => |l| record(l).prove_phone,
    }
}

/// The code that proves a new address or telephone: where it went, how long it is good, and the field for it.
#[component]
pub(super) fn Proof(page: Page, pending: PendingContactView) -> impl IntoView {
    let kind = pending.kind;
    let title = proof_title(kind);
    let value = match kind {
        ContactKind::RescueEmail => pending.value,
        ContactKind::RescuePhone => phrases::phone(&pending.value),
    };
    let sent = Memo::new(move |_| {
        page.view
            .with(|view| view.as_ref()?.pending.first()?.sent.clone())
    });
    let more = page
        .view
        .with_untracked(|view| view.as_ref().is_some_and(|view| view.pending.len() > 1));
    let code = FieldState::new(String::new());
    let (good, again) = (Wait::new(), Wait::new());
    Effect::new(move |_| {
        if let Some(sent) = sent.get() {
            good.start(sent.expires_in);
            again.start(sent.resend_after);
        }
    });
    let busy = RwSignal::new(false);
    let ask = SendCode::new(move |trouble| Box::pin(send_code(page, kind, trouble)));
    let was_sent = move || sent.with(Option::is_some);
    let reference = Signal::derive(move || sent.get().map(|sent| sent.reference));
    let said = move |language| {
        let words = record(language);
        if was_sent() { words.sent_to } else { words.not_sent }
    };
    let lang = use_lang();
    view! {
        <section class="panel">
            <h1 tabindex="-1">{t(title)}</h1>
            <p id="code-intro">{move || said(lang.get())} " " <strong class="address">{value}</strong></p>
            <p class="hint">
                {t(|l| record(l).until_then)}
                {more.then(|| view! { " " {t(|l| record(l).then_phone)} })}
            </p>
            <Show when=was_sent fallback=move || view! { <Cancel page busy /> }>
                <Entry page kind code busy good />
            </Show>
            <AnotherCode wait=again code busy was_sent=Signal::derive(was_sent) ask />
            <Show when=was_sent>
                <MessageReference reference />
                <IfNothingComes by_mail=Signal::stored(kind == ContactKind::RescueEmail) />
            </Show>
        </section>
    }
}

/// The field and its button.
#[component]
fn Entry(page: Page, kind: ContactKind, code: FieldState, busy: RwSignal<bool>, good: Wait) -> impl IntoView {
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<ContactsView>| match answer {
        Outcome::Done(view) => page.moved_on(view, |l| record(l).updated),
        Outcome::Invalid(problems) => {
            if refuse_code(code, SENT_CODE, problems) {
                good.start(0);
            }
        }
        Outcome::Failed(failure) => page.tell(failure, trouble),
    };
    let enter = Action::new_local(move |typed: &String| {
        let request = ConfirmContactRequest {
            kind,
            code: typed.clone(),
        };
        async move {
            let answer = api::confirm_contact(&request).await;
            busy.set(false);
            answered(answer);
        }
    });
    let on_code = Callback::new(move |typed: String| {
        busy.set(true);
        enter.dispatch_local(typed);
    });
    view! {
        <CodeEntry
            code
            words=SENT_CODE
            trouble
            busy
            pending=enter.pending()
            on_code
            cancel=view! { <Cancel page busy /> }.into_any()
        >
            <GoodFor wait=good />
        </CodeEntry>
    }
}

/// Sends a code, or another one; whether it left.
async fn send_code(page: Page, kind: ContactKind, trouble: Trouble) -> bool {
    let answer = api::send_contact_code(kind).await;
    // The page may have been left.
    if page.view.try_get_untracked().is_none() {
        return false;
    }
    match answer {
        Ok(view) => {
            page.heard(view);
            true
        }
        Err(failure) => {
            page.tell(failure, trouble);
            false
        }
    }
}

/// «Annuler»: the record stays as it was.
#[component]
fn Cancel(page: Page, busy: RwSignal<bool>) -> impl IntoView {
    let cancel = Action::new_local(move |(): &()| async move {
        let answer = api::give_up_contacts().await;
        busy.set(false);
        match answer {
            Ok(view) => page.moved_on(view, |l| record(l).cancelled),
            Err(failure) => page.tell(failure, page.trouble),
        }
    });
    view! {
        <button
            type="button"
            class="quiet"
            on:click=move |_| {
                if !busy.get_untracked() {
                    busy.set(true);
                    cancel.dispatch_local(());
                }
            }
        >
            {t(|l| recovery(l).cancel)}
        </button>
    }
}
