use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::own_sessions::{OwnBrowser, OwnSession};
use portique_shared::api::problem::ErrorCode;

use super::own_list::{browser_item, session_item};
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, QuietButton, Trouble};
use crate::dom;
use crate::locales::{Text, sessions, shell, t, use_lang};
use crate::session::{Session, use_session};

/// What the person wants; sent again as it is where it failed.
#[derive(Clone)]
pub(super) enum Wanted {
    List,
    End(String),
    EndOthers,
    Forget(String),
}

/// The list, and what becomes of it.
#[derive(Clone, Copy)]
pub(super) struct Own {
    /// As the server told them last; `None` while it is being asked.
    list: RwSignal<Option<Vec<OwnSession>>>,
    /// Those that stand in for the second step.
    browsers: RwSignal<Vec<OwnBrowser>>,
    wanted: RwSignal<Wanted>,
    /// One thing at a time.
    pub(super) busy: RwSignal<bool>,
    /// What was done, said aloud.
    said: RwSignal<Option<Text>>,
    trouble: Trouble,
    session: Session,
}

impl Own {
    pub(super) fn want(self, wanted: Wanted) {
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
                Wanted::Forget(id) => {
                    let said = Text::Word(|l| sessions(l).forgotten);
                    (api::forget_browser(&id).await, Some(said))
                }
            };
            let answer = match unless_gone(done) {
                Ok(()) => both().await,
                Err(failure) => Err(failure),
            };
            // The page may have been left.
            if self.busy.try_set(false).is_none() {
                self.show(answer, said);
            }
        });
    }

    fn show(self, answer: Answer<Lists>, said: Option<Text>) {
        match answer {
            Ok((list, browsers)) => {
                self.list.set(Some(list));
                self.browsers.set(browsers);
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

type Lists = (Vec<OwnSession>, Vec<OwnBrowser>);

/// Both lists: ending sessions forgets browsers too.
async fn both() -> Answer<Lists> {
    Ok((api::own_sessions().await?, api::own_browsers().await?))
}

/// What has ended meanwhile is where it was wanted.
fn unless_gone(done: Answer<()>) -> Answer<()> {
    match done {
        Err(Failure::Refused(refusal)) if refusal.code == ErrorCode::NotFound => Ok(()),
        done => done,
    }
}

/// «Mes sessions»: where the person is signed in, and an end to it.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let lang = use_lang();
    let own = Own {
        list: RwSignal::new(None),
        browsers: RwSignal::new(Vec::new()),
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
                    let items = list.into_iter().map(|session| session_item(own, session)).collect_view();
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
                            <QuietButton
                                label=t(|l| sessions(l).end_others)
                                busy=own.busy
                                press=Callback::new(move |()| own.want(Wanted::EndOthers))
                            />
                        }
                    })
            }}
            <Browsers own />
        </section>
    }
}

/// «Postes mémorisés»; nothing where there is none.
#[component]
fn Browsers(own: Own) -> impl IntoView {
    move || {
        let browsers = own.browsers.get();
        (!browsers.is_empty()).then(|| {
            let items = browsers
                .into_iter()
                .map(|browser| browser_item(own, browser))
                .collect_view();
            view! {
                <h3>{t(|l| sessions(l).browsers)}</h3>
                <p class="lead">{t(|l| sessions(l).browsers_intro)}</p>
                <ul class="sessions">{items}</ul>
            }
        })
    }
}
