use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Security;
use super::saying::Saying;
use crate::api;
use crate::components::QuietButton;
use crate::dom;
use crate::locales::{codes_left, phrases, security, t, use_lang};

/// The ten codes for who lost everything else: how many are left, and ten new ones, shown once.
#[component]
pub(super) fn RecoveryCodes(page: Security) -> impl IntoView {
    let lang = use_lang();
    let saying = Saying::nothing();
    let shown = RwSignal::new(None::<Vec<String>>);
    let offered = Memo::new(move |_| page.read(|view| view.offers.recovery_codes) == Some(true));
    let kept = Memo::new(move |_| page.read(|view| view.recovery_codes.clone()).flatten());
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
    let ask = Callback::new(move |()| {
        saying.clear();
        make.dispatch_local(());
    });
    let state = move || {
        let language = lang.get();
        let words = security(language);
        match kept.get() {
            None => words.codes_none.to_owned(),
            Some(kept) => {
                let day = phrases::date(language, dom::local_time(&kept.made_at));
                let left = codes_left(language, kept.left);
                [&left, " ", words.codes_made_on, " ", &day, "."].concat()
            }
        }
    };
    let label = Signal::derive(move || {
        let words = security(lang.get());
        if kept.with(Option::is_some) {
            words.make_codes_again
        } else {
            words.make_codes
        }
    });
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
                                    view! { <QuietButton label busy=pending press=ask /> }
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
    let copy = Callback::new(move |()| {
        spawn_local(async move {
            if dom::copy(&text.get_value()).await {
                saying.say(|l| security(l).copied);
            } else {
                saying.refuse(|l| security(l).copy_failed);
            }
        });
    });
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
            <QuietButton label=t(|l| security(l).copy) press=copy />
            <QuietButton label=t(|l| security(l).print) press=Callback::new(|()| dom::print()) />
            <button type="button" class="primary" on:click=kept>
                {t(|l| security(l).kept)}
            </button>
        </div>
    }
}
