//! «Mon compte» → «Sécurité»: what opens the account, a section a file.

mod apps;
mod cards;
mod factor;
mod held;
mod own_list;
mod passkeys;
mod recovery_codes;
mod saying;
mod sessions;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;
use portique_shared::api::security::SecurityView;

use self::apps::Apps;
use self::cards::Cards;
use self::factor::Factor;
use self::passkeys::Passkeys;
use self::recovery_codes::RecoveryCodes;
use self::saying::Saying;
use self::sessions::Sessions;
use crate::api::{self, Answer, Failure};
use crate::components::{Alert, Trouble, Unlock, Wait};
use crate::dom;
use crate::locales::{Text, phrases, record, security, shell, t, use_lang};
use crate::session::{Session, use_session};
use crate::title::page_title;

/// A word of the page, before its language is known.
type Word = fn(Language) -> &'static str;

/// What the server told last, and for how long it takes changes.
#[derive(Clone, Copy)]
struct Security {
    /// `None` while it is being asked.
    view: RwSignal<Option<SecurityView>>,
    /// Runs while the person's proof is good.
    open: Wait,
    /// Whether it runs: it changes twice at most, not each second, and what was typed stays.
    is_open: Memo<bool>,
    trouble: Trouble,
    /// Kept here: what waits for an answer has no context to find it in.
    session: Session,
}

impl Security {
    /// Whether changes are taken, tracked.
    fn is_open(self) -> bool {
        self.is_open.get()
    }

    /// Something of what the server told, tracked.
    fn read<T>(self, pick: impl FnOnce(&SecurityView) -> T) -> Option<T> {
        self.view.with(|view| view.as_ref().map(pick))
    }

    fn heard(self, view: SecurityView) {
        self.trouble.clear();
        self.open.start(view.proved_for);
        self.view.set(Some(view));
    }

    /// Takes the answer to a change, and says in `saying` what became of it; true when it was made.
    fn note(self, answer: Answer<SecurityView>, saying: Saying, done: Word) -> bool {
        match answer {
            Ok(view) => {
                self.heard(view);
                saying.say(done);
                true
            }
            Err(failure) => {
                self.tell(failure, saying);
                false
            }
        }
    }

    /// Says why a change was not made: beside it where the page knows more than the failure tells.
    fn tell(self, failure: Failure, saying: Saying) {
        let code = match &failure {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Unreachable => None,
        };
        let word: Word = match code {
            Some(ErrorCode::FactorNeeded) => |l| security(l).factor_needed,
            Some(ErrorCode::TooManyAuthenticators) => |l| security(l).too_many,
            Some(ErrorCode::EnrolmentSpent) => |l| security(l).enrolment_spent,
            Some(ErrorCode::ProofRequired) => {
                // What takes the place of the changes says so.
                self.open.start(0);
                saying.clear();
                request_animation_frame(|| dom::focus("#password"));
                return;
            }
            _ => {
                self.session.heed(&failure);
                return self.trouble.tell(failure);
            }
        };
        saying.refuse(word);
    }
}

/// What opens the account. Everything is shown at once; what changes it comes out once the person has proved who they are.
#[component]
pub fn SecurityPage() -> impl IntoView {
    page_title(Text::Word(|l| security(l).title));
    let session = use_session();
    let open = Wait::new();
    let page = Security {
        view: RwSignal::new(None),
        open,
        is_open: Memo::new(move |_| open.left() > 0),
        trouble: Trouble::none(),
        session,
    };
    let look = move || {
        page.trouble.clear();
        spawn_local(async move {
            let answer = api::security().await;
            // The page may have been left.
            if page.view.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(view) => page.heard(view),
                Err(failure) => {
                    session.heed(&failure);
                    page.trouble.tell(failure);
                }
            }
        });
    };
    look();
    let loading = t(|l| shell(l).loading);
    let is_there = Memo::new(move |_| page.view.with(Option::is_some));
    view! {
        <div class="sheet narrow">
            <h1 tabindex="-1">{t(|l| security(l).title)}</h1>
            <p class="lead">{t(|l| security(l).intro)}</p>
            <Alert trouble=page.trouble retry=Callback::new(move |()| look()) />
            {move || {
                if is_there.get() {
                    view! {
                        <Lock page />
                        <Factor page />
                        <Passkeys page />
                        <Cards page />
                        <Apps page />
                        <RecoveryCodes page />
                        <Sessions />
                    }
                        .into_any()
                } else {
                    view! { <p class="loading">{move || (!page.trouble.any()).then(loading)}</p> }
                        .into_any()
                }
            }}
            <p>
                <a href=screens::ACCOUNT>{t(|l| record(l).back)}</a>
            </p>
        </div>
    }
}

/// The password's form, or how long changes are taken.
#[component]
fn Lock(page: Security) -> impl IntoView {
    let lang = use_lang();
    let said = page.open.milestones();
    let by_card = Signal::derive(move || page.read(|view| view.offers.card_proof) == Some(true));
    let words = move |left: u32| {
        let words = security(lang.get());
        if left == 0 {
            words.unlock_over.to_owned()
        } else {
            [words.unlocked_for, " ", &phrases::remaining(left), "."].concat()
        }
    };
    view! {
        {move || {
            if page.is_open() {
                view! { <p class="unlocked">{move || words(page.open.left())}</p> }.into_any()
            } else {
                view! { <Unlock back=screens::SECURITY by_card /> }.into_any()
            }
        }}
        <p class="for-readers" role="status">
            {move || said.get().map(words)}
        </p>
    }
}
