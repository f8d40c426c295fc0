use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::own_sessions::{OwnSession, PlaceView, UseView};
use portique_shared::api::problem::ErrorCode;

use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble};
use crate::dom;
use crate::locales::{Lang, Text, phrases, sessions, shell, t, use_lang};
use crate::session::{Session, use_session};

/// What the person wants; sent again as it is where it failed.
#[derive(Clone)]
enum Wanted {
    List,
    End(String),
    EndOthers,
}

/// The list, and what becomes of it.
#[derive(Clone, Copy)]
struct Own {
    /// As the server told them last; `None` while it is being asked.
    list: RwSignal<Option<Vec<OwnSession>>>,
    wanted: RwSignal<Wanted>,
    /// One thing at a time.
    busy: RwSignal<bool>,
    /// What was done, said aloud.
    said: RwSignal<Option<Text>>,
    trouble: Trouble,
    session: Session,
}

impl Own {
    fn want(self, wanted: Wanted) {
        if self.busy.get_untracked() || self.trouble.holds() {
            return;
        }
        self.busy.set(true);
        self.said.set(None);
        self.trouble.clear();
        self.wanted.set(wanted.clone());
        spawn_local(async move {
            let (done, said) = match wanted {
                Wanted::List => (Ok(()), None),
                Wanted::End(id) => {
                    let said = Text::Word(|l| sessions(l).ended);
                    (api::end_session(&id).await, Some(said))
                }
                Wanted::EndOthers => {
                    let said = Text::Word(|l| sessions(l).others_ended);
                    (api::end_other_sessions().await, Some(said))
                }
            };
            let answer = match unless_gone(done) {
                Ok(()) => api::own_sessions().await,
                Err(failure) => Err(failure),
            };
            // The page may have been left.
            if self.busy.try_set(false).is_none() {
                self.show(answer, said);
            }
        });
    }

    fn show(self, answer: Answer<Vec<OwnSession>>, said: Option<Text>) {
        match answer {
            Ok(list) => {
                self.list.set(Some(list));
                if said.is_some() {
                    self.said.set(said);
                    // The button that was pressed is no more.
                    request_animation_frame(|| dom::focus_in_place("#sessions-title"));
                }
            }
            Err(failure) => {
                self.session.heed(&failure);
                self.trouble.tell(failure);
            }
        }
    }
}

/// A session that has ended meanwhile is where it was wanted.
fn unless_gone(done: Answer<()>) -> Answer<()> {
    match done {
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::NotFound => Ok(()),
        done => done,
    }
}

/// «Mes sessions»: where the person is signed in, and an end to it.
#[component]
pub fn Sessions() -> impl IntoView {
    let lang = use_lang();
    let own = Own {
        list: RwSignal::new(None),
        wanted: RwSignal::new(Wanted::List),
        busy: RwSignal::new(false),
        said: RwSignal::new(None),
        trouble: Trouble::none(),
        session: use_session(),
    };
    own.want(Wanted::List);
    let again = Callback::new(move |()| own.want(own.wanted.get_untracked()));
    let loading = t(|l| shell(l).loading);
    let others = Memo::new(move |_| {
        own.list.with(|list| {
            list.as_ref()
                .is_some_and(|list| list.iter().any(|session| !session.current))
        })
    });
    view! {
        <section class="panel" aria-labelledby="sessions-title">
            <h2 id="sessions-title" tabindex="-1">
                {t(|l| sessions(l).title)}
            </h2>
            <p class="lead">{t(|l| sessions(l).intro)}</p>
            <Alert trouble=own.trouble retry=again />
            <p class="resent" role="status">
                {move || own.said.get().map(|said| said.get(lang.get()))}
            </p>
            {move || match own.list.get() {
                Some(list) => {
                    let items = list.into_iter().map(|session| item(own, session)).collect_view();
                    view! { <ul class="sessions">{items}</ul> }.into_any()
                }
                None if own.trouble.any() => ().into_any(),
                None => view! { <p class="loading">{loading}</p> }.into_any(),
            }}
            {move || {
                others
                    .get()
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="quiet"
                                aria-disabled=move || own.busy.get().then_some("true")
                                on:click=move |_| own.want(Wanted::EndOthers)
                            >
                                {t(|l| sessions(l).end_others)}
                            </button>
                        }
                    })
            }}
        </section>
    }
}

fn item(own: Own, session: OwnSession) -> impl IntoView {
    let lang = use_lang();
    let title = ["session-", &session.id].concat();
    let described = title.clone();
    let OwnSession {
        id,
        current,
        browser,
        started,
        last_used,
    } = session;
    let once = started == last_used;
    let name = move || sessions(lang.get()).browser(browser.family.as_deref(), browser.system.as_deref());
    let end = move |_| own.want(Wanted::End(id.clone()));
    view! {
        <li>
            <p class="session-name" id=title>
                <strong>{name}</strong>
                {current.then(|| view! { " " <span class="badge">{t(|l| sessions(l).current)}</span> })}
            </p>
            <p>{used(lang, |l| sessions(l).last_used, last_used)}</p>
            {(!once).then(|| view! { <p class="hint">{used(lang, |l| sessions(l).started, started)}</p> })}
            {(!current)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="quiet"
                            aria-describedby=described
                            aria-disabled=move || own.busy.get().then_some("true")
                            on:click=end
                        >
                            {t(|l| sessions(l).end)}
                        </button>
                    }
                })}
        </li>
    }
}

/// «Dernière utilisation le 01/07/2022, à 11:01 – CHU de Rouen».
fn used(lang: Lang, label: fn(Language) -> &'static str, used: UseView) -> impl Fn() -> String {
    let at = dom::local_time(&used.at);
    move || {
        let language = lang.get();
        let words = sessions(language);
        let place = match &used.place {
            PlaceView::Named { name } => name.get(language).to_owned(),
            PlaceView::Local => words.local.to_owned(),
            PlaceView::Address { address } => [words.address, " ", address].concat(),
            PlaceView::Unknown => words.nowhere.to_owned(),
        };
        let when = phrases::moment(language, at);
        [label(language), " ", &when, "\u{a0}– ", &place].concat()
    }
}
