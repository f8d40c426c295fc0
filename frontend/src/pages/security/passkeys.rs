use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::problem::FieldProblem;
use portique_shared::api::security::AuthenticatorKind;

use super::Security;
use super::held::{Held, Kind};
use super::saying::Saying;
use crate::api::{self, Failure, Outcome};
use crate::components::{
    CREATION, Ceremony, CeremonyAlert, Field, FieldState, PasskeyButton, QuietButton, Unsupported,
    show_first_fault,
};
use crate::locales::faults::Fault;
use crate::locales::{Text, passkey, security, t, use_lang};
use crate::{dom, webauthn};

const TITLE: &str = "#passkeys-title";

/// Passkeys: those that the person has, and the making of another.
#[component]
pub(super) fn Passkeys(page: Security) -> impl IntoView {
    let saying = Saying::nothing();
    let adding = RwSignal::new(false);
    let offered = Memo::new(move |_| {
        page.read(|view| {
            let is_passkey = |kind| kind == AuthenticatorKind::Passkey;
            let kept = view.authenticators.iter().any(|held| is_passkey(held.kind));
            (view.offers.passkeys, kept)
        })
        .unwrap_or_default()
    });
    let begin = Callback::new(move |()| {
        saying.clear();
        adding.set(true);
        request_animation_frame(|| dom::focus("#passkey-name"));
    });
    // What changes in the list leaves the form, and what is typed in it, where they are.
    let is_there = Memo::new(move |_| offered.get().0 || offered.get().1);
    let offers = Memo::new(move |_| offered.get().0);
    move || {
        is_there.get().then(|| {
            view! {
                <section class="panel" aria-labelledby="passkeys-title">
                    <h2 id="passkeys-title" tabindex="-1">
                        {t(|l| passkey(l).title)}
                    </h2>
                    <p>{t(|l| passkey(l).intro)}</p>
                    <Held
                        page
                        saying
                        kind=Kind::Authenticator(AuthenticatorKind::Passkey)
                        title=TITLE
                    />
                    {saying.show()}
                    {move || {
                        if !(page.is_open() && offers.get()) {
                            return ().into_any();
                        }
                        if !webauthn::is_supported() {
                            return view! { <Unsupported /> }.into_any();
                        }
                        if adding.get() {
                            return view! { <Add page saying adding /> }.into_any();
                        }
                        view! { <QuietButton label=t(|l| passkey(l).add) press=begin /> }.into_any()
                    }}
                </section>
            }
        })
    }
}

/// A name for the key, then the browser's dialog.
#[component]
fn Add(page: Security, saying: Saying, adding: RwSignal<bool>) -> impl IntoView {
    let lang = use_lang();
    let ceremony = Ceremony::new(&CREATION);
    let name = FieldState::new(passkey(lang.get_untracked()).default_name.to_owned());
    let close = move || {
        adding.set(false);
        request_animation_frame(|| dom::focus(TITLE));
    };
    let send = move || {
        if !name.require() {
            show_first_fault();
        } else if ceremony.begin() {
            spawn_local(async move {
                if make(page, saying, ceremony, name).await {
                    close();
                }
            });
        }
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        send();
    };
    view! {
        <form class="form" method="post" novalidate on:submit=on_submit>
            <CeremonyAlert ceremony retry=Callback::new(move |()| send()) />
            <Field
                name="passkey-name"
                label=Text::Word(|l| passkey(l).name)
                state=name
                autocomplete="off"
                autocapitalize="sentences"
                described_by="passkey-name-help"
            >
                <p class="hint" id="passkey-name-help">
                    {t(|l| passkey(l).name_help)}
                </p>
            </Field>
            <div class="actions">
                <PasskeyButton label=Text::Word(|l| passkey(l).make) ceremony />
                <QuietButton
                    label=t(|l| security(l).cancel)
                    press=Callback::new(move |()| close())
                />
            </div>
        </form>
    }
}

/// Whether a key was made and added.
async fn make(page: Security, saying: Saying, ceremony: Ceremony, name: FieldState) -> bool {
    let failed = |failure: Failure| {
        // The form may have been closed.
        if ceremony.is_there() {
            ceremony.busy.set(false);
            page.tell(failure, saying);
        }
        false
    };
    let typed = name.value.get_untracked();
    let options = match api::passkey_options().await {
        Ok(options) => options,
        Err(failure) => return failed(failure),
    };
    let made = match webauthn::create(&options).await {
        Ok(made) => made,
        Err(end) => {
            ceremony.ended(end);
            return false;
        }
    };
    let answer = api::add_passkey(&made, &typed).await;
    if !ceremony.is_there() {
        return false;
    }
    match answer {
        Outcome::Done(view) => page.note(Ok(view), saying, |l| passkey(l).added),
        Outcome::Invalid(problems) if is_of_the_name(&problems) => {
            ceremony.busy.set(false);
            name.fault.set(Some(Fault::word(|l| security(l).name_length)));
            show_first_fault();
            false
        }
        Outcome::Invalid(_) => {
            ceremony.refused();
            false
        }
        Outcome::Failed(failure) => failed(failure),
    }
}

fn is_of_the_name(problems: &[FieldProblem]) -> bool {
    problems.iter().any(|refused| refused.field == "name")
}
