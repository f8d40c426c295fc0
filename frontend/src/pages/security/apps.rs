use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use portique_shared::api::problem::FieldReason;
use portique_shared::api::security::{
    AddAppRequest, AppEnrolmentView, AuthenticatorKind, QrView, SecurityView,
};

use super::Security;
use super::held::{Held, Kind};
use super::saying::Saying;
use crate::api::{self, Outcome};
use crate::components::{Field, FieldState, QuietButton, Submit, show_first_fault};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{Text, security, t, use_lang};

/// Light modules around the code, without which cameras do not find it.
const QUIET_ZONE: u32 = 4;

/// CSS pixels a module, a whole number of them: all modules are as wide as each other.
const MODULE: u32 = 5;

/// Authenticator applications: those that the person has, and the enrolment of another.
#[component]
pub(super) fn Apps(page: Security) -> impl IntoView {
    let saying = Saying::nothing();
    let enrolment = RwSignal::new(None::<AppEnrolmentView>);
    let offered = Memo::new(move |_| {
        page.read(|view| {
            let kept = view
                .authenticators
                .iter()
                .any(|held| held.kind == AuthenticatorKind::App);
            (view.offers.app, kept)
        })
        .unwrap_or_default()
    });
    let begin = Action::new_local(move |(): &()| async move {
        match api::begin_app().await {
            Ok(begun) => {
                enrolment.set(Some(begun));
                request_animation_frame(|| dom::focus("#apps-title"));
            }
            Err(failure) => page.tell(failure, saying),
        }
    });
    let pending = begin.pending();
    let add = Callback::new(move |()| {
        saying.clear();
        begin.dispatch_local(());
    });
    // What changes in the list leaves the form, and what is typed in it, where they are.
    let is_there = Memo::new(move |_| offered.get().0 || offered.get().1);
    let offers = Memo::new(move |_| offered.get().0);
    move || {
        is_there.get().then(|| {
            view! {
                <section class="panel" aria-labelledby="apps-title">
                    <h2 id="apps-title" tabindex="-1">
                        {t(|l| security(l).apps_title)}
                    </h2>
                    <p>{t(|l| security(l).apps_help)}</p>
                    <Held
                        page
                        saying
                        kind=Kind::Authenticator(AuthenticatorKind::App)
                        title="#apps-title"
                    />
                    {saying.show()}
                    {move || match enrolment.get() {
                        Some(shown) if page.is_open() => {
                            view! { <Enrol page saying begun=shown enrolment /> }.into_any()
                        }
                        _ => {
                            (page.is_open() && offers.get())
                                .then(|| {
                                    view! {
                                        <QuietButton
                                            label=t(|l| security(l).add_app)
                                            busy=pending
                                            press=add
                                        />
                                    }
                                })
                                .into_any()
                        }
                    }}
                </section>
            }
        })
    }
}

/// The picture, the key for who can't take it, and the first code.
#[component]
fn Enrol(
    page: Security,
    saying: Saying,
    begun: AppEnrolmentView,
    enrolment: RwSignal<Option<AppEnrolmentView>>,
) -> impl IntoView {
    let lang = use_lang();
    let code = FieldState::new(String::new());
    let name = FieldState::new(security(lang.get_untracked()).app_name.to_owned());
    let close = move || enrolment.set(None);
    let answered = move |answer: Outcome<SecurityView>| match answer {
        Outcome::Done(view) => {
            close();
            page.note(Ok(view), saying, |l| security(l).app_added);
            request_animation_frame(|| dom::focus("#apps-title"));
        }
        Outcome::Invalid(problems) => {
            for refused in problems {
                let (field, word): (_, fn(_) -> _) = match (refused.field.as_str(), refused.reason) {
                    ("name", _) => (name, |l| security(l).name_length),
                    (_, FieldReason::WrongCode) => (code, |l| security(l).app_code_wrong),
                    _ => (code, |l| security(l).app_code_malformed),
                };
                field.fault.set(Some(Fault::word(word)));
            }
            show_first_fault();
        }
        Outcome::Failed(failure) => page.tell(failure, saying),
    };
    let cancel = Callback::new(move |()| {
        close();
        request_animation_frame(|| dom::focus("#apps-title"));
    });
    let sealed = begun.enrolment.clone();
    let add = Action::new_local(move |(): &()| {
        let request = AddAppRequest {
            enrolment: sealed.clone(),
            code: code.value.get_untracked(),
            name: name.value.get_untracked(),
        };
        async move { answered(api::add_app(&request).await) }
    });
    let pending = add.pending();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        saying.clear();
        let named = name.require();
        let typed = code.value.with_untracked(|code| !code.trim().is_empty());
        if !typed {
            code.fault
                .set(Some(Fault::word(|l| security(l).app_code_missing)));
        }
        if named && typed {
            add.dispatch_local(());
        } else {
            show_first_fault();
        }
    };
    view! {
        <div class="enrolment">
            <p>{t(|l| security(l).scan)}</p>
            <Qr picture=begun.picture />
            <p>{t(|l| security(l).by_hand)} " " <code class="key">{in_groups(&begun.secret)}</code></p>
            <a href=begun.address rel="external">
                {t(|l| security(l).open_app)}
            </a>
        </div>
        <form class="form" method="post" novalidate on:submit=on_submit>
            <Field
                name="code"
                label=Text::Word(|l| security(l).app_code)
                state=code
                autocomplete="one-time-code"
                inputmode="numeric"
                described_by="app-code-help"
            >
                <p class="hint" id="app-code-help">
                    {t(|l| security(l).app_code_help)}
                </p>
            </Field>
            <Field
                name="app-name"
                label=Text::Word(|l| security(l).name)
                state=name
                autocomplete="off"
                autocapitalize="sentences"
                described_by="app-name-help"
            >
                <p class="hint" id="app-name-help">
                    {t(|l| security(l).name_help)}
                </p>
            </Field>
            <div class="actions">
                <Submit label=Text::Word(|l| security(l).confirm_app) busy=pending />
                <QuietButton label=t(|l| security(l).cancel) press=cancel />
            </div>
        </form>
    }
}

/// Dark on light in both colour schemes: cameras read no other.
#[component]
fn Qr(picture: QrView) -> impl IntoView {
    let side = picture.size + 2 * QUIET_ZONE;
    let width = (side * MODULE).to_string();
    let side = side.to_string();
    let origin = ["-", &QUIET_ZONE.to_string()].concat();
    let view_box = [origin.as_str(), &origin, &side, &side].join(" ");
    view! {
        <svg
            class="qr"
            viewBox=view_box
            width=width
            role="img"
            aria-label=t(|l| security(l).picture)
            shape-rendering="crispEdges"
        >
            <path d=picture.path />
        </svg>
    }
}

/// Four letters at a time, as people read them.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_four_letters_at_a_time() {
        assert_eq!(in_groups("GEZDGNBVGY"), "GEZD GNBV GY");
        assert_eq!(in_groups(""), "");
    }
}
