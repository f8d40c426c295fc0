use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::front::Offer;
use portique_shared::api::portal::{WayKind, WayView};
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;
use portique_shared::api::session::SignInRequest;

use super::ways::Ways;
use crate::api::{self, Answer, Entered, Failure};
use crate::components::{Alert, Field, FieldState, Submit, Trouble, icon};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, common, p, shell, t, use_lang};
use crate::portal::use_front;
use crate::session::Ended;
use crate::sign_in::Errand;
use crate::title::page_title;

/// The sign-in page, in the shape that the portal's guide gives it.
#[component]
pub fn SignIn() -> impl IntoView {
    page_title(Text::Portal(&use_front().sign_in.heading));
    view! {
        <div class="gate">
            <div class="gate-side">
                <p class="promise">{t(|l| shell(l).promise)}</p>
                <svg class="gate-art" aria-hidden="true">
                    <use href="#art"></use>
                </svg>
            </div>
            <Ways />
        </div>
    }
}

/// Signing in with a password.
#[component]
pub fn PasswordWay(way: &'static WayView) -> impl IntoView {
    let errand = expect_context::<Errand>();
    let notice = errand.ended;
    let lost = lost(&errand);
    let (identifier, password) = (errand.identifier, errand.password);
    let trouble = Trouble::none();
    let answered = move |answer: Answer<Entered>| match answer {
        Ok(Entered::SignedIn) => errand.go_on(),
        // The code's screen is the other bundle's.
        Ok(Entered::SecondStep) => dom::load(&errand.aside(screens::SECOND_STEP)),
        Err(failure) if mark(&failure, &[("identifier", identifier), ("password", password)]) => {
            show_first_fault();
        }
        Err(failure) => {
            if is_refusal(&failure) {
                password.empty();
            }
            trouble.tell(failure);
        }
    };
    let sign_in = Action::new_local(move |request: &SignInRequest| {
        let request = request.clone();
        let answered = answered.clone();
        async move { answered(api::sign_in(&request).await) }
    });
    let pending = sign_in.pending();
    let send = move || {
        if pending.get_untracked() || trouble.holds() {
            return;
        }
        notice.set(None);
        trouble.clear();
        let complete = identifier.require() & password.require();
        if complete {
            sign_in.dispatch_local(SignInRequest {
                identifier: identifier.value.get_untracked(),
                password: password.value.get_untracked(),
                strong: way.kind == WayKind::Strong,
            });
        } else {
            show_first_fault();
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <form class="form" method="post" action="/sign-in" novalidate on:submit=on_submit>
            <Notice />
            <p class="hint">{p(&way.intro)}</p>
            <Alert trouble retry=Callback::new(move |()| send()) />
            <Field
                name="identifier"
                label=Text::Word(|l| shell(l).identifier)
                state=identifier
                autocomplete="username"
            />
            <Field
                name="password"
                label=Text::Word(|l| shell(l).password)
                state=password
                autocomplete="current-password"
                secret=true
            >
                {lost}
            </Field>
            <Submit label=Text::Portal(&way.submit) busy=pending />
        </form>
    }
}

/// Signing in with a card: the way to its screen, which is the other bundle's.
#[component]
pub fn CardWay(way: &'static WayView) -> impl IntoView {
    let href = expect_context::<Errand>().aside(screens::CARD);
    view! {
        <div class="form">
            <Notice />
            <p class="hint">{p(&way.intro)}</p>
            <a class="primary" href=href>
                {p(&way.submit)}
            </a>
        </div>
    }
}

/// Marks the fields that the server refuses, which is for their length: nothing else of them is told before somebody is
/// signed in. `false` where it refuses none.
fn mark(failure: &Failure, fields: &[(&str, FieldState)]) -> bool {
    let Failure::Refused(refusal) = failure else {
        return false;
    };
    let mut marked = false;
    for (name, state) in fields {
        if refusal.fields.iter().any(|refused| refused.field == *name) {
            state.fault.set(Some(Fault::too_long()));
            marked = true;
        }
    }
    marked
}

/// Takes the focus to the first field that needs mending, once it is marked.
fn show_first_fault() {
    request_animation_frame(|| dom::focus("form [aria-invalid]"));
}

/// The link to a lost password; where the portal offers none, to a lost identifier.
fn lost(errand: &Errand) -> Option<AnyView> {
    let offered = &use_front().recovery;
    let password = offered.password.as_ref().map(|password| &password.screen);
    aside(errand, screens::LOST_PASSWORD, password)
        .or_else(|| aside(errand, screens::LOST_IDENTIFIER, offered.identifier.as_ref()))
}

/// What the portal offers beside the password: a passkey; to who never signed in, the invitation once more, an account.
#[component]
pub fn Newcomers() -> impl IntoView {
    let errand = expect_context::<Errand>();
    let offered = &use_front().recovery;
    let invitation = aside(
        &errand,
        screens::FIRST_CONNECTION,
        offered.first_connection.as_ref(),
    );
    let account = aside(
        &errand,
        screens::REQUEST_ACCOUNT,
        offered.account_request.as_ref(),
    );
    let passkey = link(
        &errand,
        screens::PASSKEY,
        use_front()
            .sign_in
            .passkey
            .then_some(Text::Word(|l| shell(l).passkey)),
    );
    let any = passkey.is_some() || invitation.is_some() || account.is_some();
    any.then(|| view! { <p class="newcomers">{passkey} {invitation} {account}</p> })
}

/// The link to a screen for who stands locked out, if it is offered. The screen is the other bundle's.
fn aside(errand: &Errand, screen: &str, offered: Option<&'static Offer>) -> Option<AnyView> {
    link(errand, screen, offered.map(|offered| Text::Portal(&offered.link)))
}

/// The same, in these words, if there are any.
fn link(errand: &Errand, screen: &str, words: Option<Text>) -> Option<AnyView> {
    let words = words?.show();
    let href = errand.aside(screen);
    Some(view! { <a class="aside" href=href>{words}</a> }.into_any())
}

/// Whether the server judged the password: then it is to be typed again.
fn is_refusal(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Refused(refusal) if matches!(
            refusal.code,
            ErrorCode::CredentialsRefused | ErrorCode::ProvisionalPasswordExpired | ErrorCode::TooManyAttempts
        )
    )
}

/// Why the sign-in page is back.
#[component]
fn Notice() -> impl IntoView {
    let notice = expect_context::<Errand>().ended;
    let lang = use_lang();
    move || {
        notice.get().map(|why| {
            let words = common(lang.get());
            let text = match why {
                Ended::Idle => words.ended_idle,
                Ended::Absolute => words.ended_absolute,
                Ended::Elsewhere => words.ended_elsewhere,
                Ended::SignedOut => words.signed_out,
            };
            view! {
                <p class="notice" role="status">
                    {icon("#icon-info")}
                    <span>{text}</span>
                </p>
            }
        })
    }
}
