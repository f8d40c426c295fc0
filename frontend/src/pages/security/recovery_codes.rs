use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Security;
use super::saying::Saying;
use crate::api;
use crate::dom;
use crate::locales::{codes_left, security, t, use_lang};

/// The ten codes for who lost everything else: how many are left, and ten new ones, shown once.
#[component]
pub(super) fn RecoveryCodes(page: Security) -> impl IntoView {
    let lang = use_lang();
    let saying = Saying::nothing();
    let shown = RwSignal::new(None::<Vec<String>>);
    let offered = Memo::new(move |_| page.read(|view| view.offers.recovery_codes) == Some(true));
    let left = Memo::new(move |_| {
        page.read(|view| view.recovery_codes.as_ref().map(|codes| codes.left))
            .flatten()
    });
    let make = Action::new_local(move |(): &()| async move {
        match api::make_recovery_codes().await {
            Ok(new) => {
                page.heard(new.security);
                shown.set(Some(new.codes));
                request_animation_frame(|| dom::focus("#codes-title"));
            }
            Err(failure) => page.tell(failure, saying),
        }
    });
    let pending = make.pending();
    let ask = move |_| {
        if !pending.get_untracked() {
            saying.clear();
            make.dispatch_local(());
        }
    };
    let state = move || match left.get() {
        None => security(lang.get()).codes_none.to_owned(),
        Some(left) => codes_left(lang.get(), left),
    };
    let label = move || {
        let words = security(lang.get());
        if left.get().is_some() {
            words.make_codes_again
        } else {
            words.make_codes
        }
    };
    move || {
        offered.get().then(|| {
            view! {
                <section class="panel" aria-labelledby="codes-title">
                    <h2 id="codes-title" tabindex="-1">
                        {t(|l| security(l).codes_title)}
                    </h2>
                    <p>{t(|l| security(l).codes_help)}</p>
                    <p>{state}</p>
                    {saying.show()}
                    {move || match shown.get() {
                        Some(codes) => view! { <Shown codes shown saying /> }.into_any(),
                        None => {
                            page.is_open()
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="quiet"
                                            aria-disabled=move || pending.get().then_some("true")
                                            on:click=ask
                                        >
                                            {label}
                                        </button>
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

/// The codes, until the person says that they are kept.
#[component]
fn Shown(codes: Vec<String>, shown: RwSignal<Option<Vec<String>>>, saying: Saying) -> impl IntoView {
    let text = StoredValue::new(codes.join("\n"));
    let copy = move |_| {
        spawn_local(async move {
            if dom::copy(&text.get_value()).await {
                saying.say(|l| security(l).copied);
            } else {
                saying.refuse(|l| security(l).copy_failed);
            }
        });
    };
    let kept = move |_| {
        saying.clear();
        shown.set(None);
        request_animation_frame(|| dom::focus("#codes-title"));
    };
    view! {
        <p>
            <strong>{t(|l| security(l).codes_made)}</strong>
        </p>
        <ol class="codes">
            {codes
                .into_iter()
                .map(|code| view! { <li><code>{code}</code></li> })
                .collect_view()}
        </ol>
        <p>{t(|l| security(l).codes_keep)}</p>
        <div class="actions">
            <button type="button" class="quiet" on:click=copy>
                {t(|l| security(l).copy)}
            </button>
            <button type="button" class="quiet" on:click=move |_| dom::print()>
                {t(|l| security(l).print)}
            </button>
            <button type="button" class="primary" on:click=kept>
                {t(|l| security(l).kept)}
            </button>
        </div>
    }
}
