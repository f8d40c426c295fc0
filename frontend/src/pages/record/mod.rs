//! «Mon compte» → the pencil: the rescue address and telephone, and the code that proves a new one.

mod field;
mod form;
mod proof;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::contacts::{ContactsView, PendingContactView};
use portique_shared::api::portal::WayKind;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;

use self::form::Form;
use self::proof::{Proof, proof_title};
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Unlock};
use crate::dom;
use crate::locales::{Text, record, shell, t, use_lang};
use crate::portal::use_portal;
use crate::session::{Session, use_session};
use crate::title::page_title_of;

/// A word of the page, before its language is known.
type Word = fn(Language) -> &'static str;

/// What the server told last, and what became of the last change.
#[derive(Clone, Copy)]
struct Page {
    /// `None` while it is being asked.
    view: RwSignal<Option<ContactsView>>,
    /// Whether changes are taken: the person has just proved who they are.
    open: RwSignal<bool>,
    said: RwSignal<Option<Said>>,
    trouble: Trouble,
    /// Kept here: what waits for an answer has no context to find it in.
    session: Session,
}

/// What became of a change, and whether it was made.
#[derive(Clone, Copy)]
struct Said {
    word: Word,
    done: bool,
}

/// What the page shows.
#[derive(Clone, PartialEq, Eq)]
enum Shown {
    Looking,
    /// What waits for its code, which is asked for.
    Proof(PendingContactView),
    Form,
    /// The password first.
    Locked,
}

impl Page {
    /// What there is to show, tracked. Of what waits for its code only what it is: another code leaves the form where it is.
    fn shown(self) -> Shown {
        self.view.with(|view| match view {
            None => Shown::Looking,
            Some(view) => match view.pending.first() {
                Some(first) => Shown::Proof(PendingContactView {
                    sent: None,
                    ..first.clone()
                }),
                None if self.open.get() => Shown::Form,
                None => Shown::Locked,
            },
        })
    }

    fn heard(self, view: ContactsView) {
        self.open.set(view.proved_for > 0);
        self.view.set(Some(view));
    }

    fn say(self, word: Word, done: bool) {
        self.said.set(Some(Said { word, done }));
    }

    /// Takes the answer to a change that left something else to be seen, and says what became of it.
    fn moved_on(self, view: ContactsView, word: Word) {
        let done = view.pending.is_empty();
        self.heard(view);
        if done {
            self.say(word, true);
        }
        request_animation_frame(|| dom::focus("main h1"));
    }

    /// Looks how things stand.
    fn look(self) {
        self.trouble.clear();
        spawn_local(async move {
            let answer = api::contacts().await;
            // The page may have been left.
            if self.view.try_get_untracked().is_some() {
                self.note(answer);
            }
        });
    }

    fn note(self, answer: Answer<ContactsView>) {
        match answer {
            Ok(view) => self.heard(view),
            Err(failure) => self.tell(failure, self.trouble),
        }
    }

    /// Says why a request failed, in `trouble` where the page knows no more than the failure tells.
    fn tell(self, failure: Failure, trouble: Trouble) {
        let code = match &failure {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Unreachable => None,
        };
        match code {
            Some(ErrorCode::ProofRequired) => {
                self.open.set(false);
                self.say(|l| record(l).proof_over, false);
                request_animation_frame(|| dom::focus("#password"));
            }
            Some(ErrorCode::ContactChangeEnded) => {
                self.say(|l| record(l).ended, false);
                self.look();
                request_animation_frame(|| dom::focus("main h1"));
            }
            _ => {
                self.session.heed(&failure);
                trouble.tell(failure);
            }
        }
    }
}

/// The rescue address and telephone. The fields come out once the person has proved who they are.
#[component]
pub fn RecordPage() -> impl IntoView {
    let page = Page {
        view: RwSignal::new(None),
        open: RwSignal::new(false),
        said: RwSignal::new(None),
        trouble: Trouble::none(),
        session: use_session(),
    };
    page.look();
    let loading = t(|l| shell(l).loading);
    let shown = Memo::new(move |_| page.shown());
    page_title_of(move || {
        Text::Word(match shown.get() {
            Shown::Proof(pending) => proof_title(pending.kind),
            _ => |l| record(l).title,
        })
    });
    view! {
        <div class="sheet slim">
            <Alert trouble=page.trouble retry=Callback::new(move |()| page.look()) />
            <Outcome page />
            {move || match shown.get() {
                Shown::Proof(pending) => view! { <Proof page pending /> }.into_any(),
                other => {
                    view! {
                        <h1 tabindex="-1">{t(|l| record(l).title)}</h1>
                        {match other {
                            Shown::Form => view! { <Form page /> }.into_any(),
                            Shown::Locked => view! { <Locked /> }.into_any(),
                            Shown::Looking | Shown::Proof(_) => {
                                view! {
                                    <p class="loading">
                                        {move || (!page.trouble.any()).then(loading)}
                                    </p>
                                }
                                    .into_any()
                            }
                        }}
                        <p>
                            <a href=screens::ACCOUNT>{t(|l| record(l).back)}</a>
                        </p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Asks for the proof. Whether a card gives it is told with what opens the account, which is asked for where the portal takes cards at all.
#[component]
fn Locked() -> impl IntoView {
    let mut ways = use_portal().sign_in.ways.iter();
    let by_card = if ways.any(|way| way.kind == WayKind::Card) {
        let opens = LocalResource::new(api::security);
        let taken = move || matches!(opens.get(), Some(Ok(view)) if view.offers.card_proof);
        Signal::derive(taken)
    } else {
        Signal::stored(false)
    };
    view! { <Unlock back=screens::RECORD by_card /> }
}

/// What became of the last change, said aloud too.
#[component]
fn Outcome(page: Page) -> impl IntoView {
    let lang = use_lang();
    let done = move || page.said.get().is_some_and(|said| said.done);
    view! {
        <p class="outcome" class:resent=done role="status">
            {move || page.said.get().map(|said| (said.word)(lang.get()))}
        </p>
    }
}
