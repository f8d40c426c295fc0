use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::captcha::CaptchaKind;
use portique_shared::api::portal::RecoveryScreen;
use portique_shared::api::problem::{FieldProblem, FieldReason};
use portique_shared::api::recovery::{RecoveryBy, RecoveryRequest, RequestTaken};
use portique_shared::api::screens;
use portique_shared::types::EmailAddress;

use super::receipt::Receipt;
use super::taken::Taken;
use super::{Cancel, Plea, focus_on_step, keeping_return};
use crate::api::{self, Outcome};
use crate::components::{
    Alert, Captcha, CaptchaState, Field, FieldState, Stars, Submit, Trouble, renew_captcha, show_first_fault,
};
use crate::locales::faults::Fault;
use crate::locales::{Text, client, p, recovery};
use crate::portal::use_portal;
use crate::title::page_title;

/// One field, asked for by mail; then the confirmation in its place.
#[component]
pub fn Ask(plea: Plea, screen: &'static RecoveryScreen) -> impl IntoView {
    // Kept beyond the form, so that who comes back to it to mend a letter finds what they typed.
    let subject = FieldState::new(String::new());
    let receipt = Receipt::of(plea);
    view! {
        <div class="sheet slim">
            <Show
                when=move || receipt.any()
                fallback=move || view! { <Form plea screen subject receipt /> }
            >
                <Taken plea receipt />
            </Show>
        </div>
    }
}

#[component]
fn Form(plea: Plea, screen: &'static RecoveryScreen, subject: FieldState, receipt: Receipt) -> impl IntoView {
    page_title(Text::Portal(&screen.heading));
    let offered = &use_portal().recovery;
    let by = plea.by(offered);
    // The same portals that write «Votre identifiant *» at the change of password; and where a picture carries the star,
    // a field without it would seem free to stay empty.
    let starred =
        use_portal().password_change.asks_identifier || screen.captcha == Some(CaptchaKind::Picture);
    let captcha = CaptchaState::new(screen.captcha);
    let trouble = Trouble::none();
    let answered = move |answer: Outcome<RequestTaken>| match answer {
        Outcome::Done(answer) => {
            receipt.note(answer);
            focus_on_step();
        }
        Outcome::Invalid(problems) => refuse(by, subject, captcha, problems),
        Outcome::Failed(failure) => {
            // What was sent once is used, whatever became of it.
            captcha.renew();
            trouble.tell(failure);
        }
    };
    let ask = Action::new_local(move |request: &RecoveryRequest| {
        let request = request.clone();
        async move { answered(api::ask_recovery(plea.path(), &request).await) }
    });
    let pending = ask.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        trouble.clear();
        if is_complete(by, subject) & captcha.require() {
            ask.dispatch_local(RecoveryRequest {
                subject: subject.value.get_untracked().trim().to_owned(),
                captcha: captcha.answer(),
            });
        } else {
            show_first_fault();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    let lost_identifier = (plea == Plea::Password)
        .then_some(offered.identifier.as_ref())
        .flatten()
        .map(|screen| {
            view! {
                <a class="aside" href=keeping_return(screens::LOST_IDENTIFIER)>
                    {p(&screen.link)}
                </a>
            }
        });
    view! {
        <section class="panel">
            <h1 tabindex="-1">{p(&screen.heading)}</h1>
            <p class="intro">{p(&screen.intro)}</p>
            <form class="form" method="post" novalidate on:submit=on_submit>
                {starred.then(|| view! { <Stars /> })}
                <Alert trouble retry=Callback::new(move |()| send()) />
                <Subject by subject starred>{lost_identifier}</Subject>
                <Captcha state=captcha starred />
                <div class="actions">
                    <Submit label=Text::Portal(&screen.submit) busy=pending />
                    <Cancel to=plea.origin(offered) />
                </div>
            </form>
        </section>
    }
}

/// The one field: an identifier or an e-mail.
#[component]
fn Subject(by: RecoveryBy, subject: FieldState, starred: bool, children: Children) -> impl IntoView {
    let (label, autocomplete, inputmode): (Text, _, _) = match by {
        RecoveryBy::Email => (Text::Word(|l| recovery(l).email), "email", "email"),
        RecoveryBy::Identifier if use_portal().password_change.asks_identifier => {
            (Text::Word(|l| client(l).your_identifier), "username", "text")
        }
        RecoveryBy::Identifier => (Text::Word(|l| client(l).identifier), "username", "text"),
    };
    view! {
        <Field name="subject" label state=subject autocomplete inputmode starred>
            {children()}
        </Field>
    }
}

/// Whether there is something to send: a mistyped address is told at once, not by a mail that never comes.
fn is_complete(by: RecoveryBy, subject: FieldState) -> bool {
    let written = by == RecoveryBy::Identifier
        || subject
            .value
            .with_untracked(|typed| EmailAddress::parse(typed).is_ok());
    if subject.require() && !written {
        subject.fault.set(Some(malformed()));
    }
    subject.fault.with_untracked(Option::is_none)
}

fn refuse(by: RecoveryBy, subject: FieldState, captcha: CaptchaState, problems: Vec<FieldProblem>) {
    renew_captcha(captcha, &problems);
    for FieldProblem { field, reason } in problems {
        match (field.as_str(), reason) {
            ("captcha", _) => {}
            (_, FieldReason::Malformed) if by == RecoveryBy::Email => subject.fault.set(Some(malformed())),
            (_, reason) => subject.fault.set(Some(Fault::told(reason, ""))),
        }
    }
    show_first_fault();
}

fn malformed() -> Fault {
    Fault::word(|l| recovery(l).email_malformed)
}
