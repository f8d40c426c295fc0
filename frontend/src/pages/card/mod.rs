//! Where a card is shown: the way to the host that asks for it, and what comes of it. One page for what a card is shown for: to sign
//! in, to prove anew who is signed in, to be attached to their account.

mod fault;
mod view;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::portal::WayKind;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::screens;

use self::view::{Alone, Explained, Going};
use super::NotFound;
use crate::api::{self, CardPurpose, CardRefusal, Entered, Failure};
use crate::card_visit::{self, Arrival};
use crate::components::{Alert, Trouble};
use crate::guard::Access;
use crate::locales::{Told, card};
use crate::portal::use_portal;
use crate::session::{Session, use_session};
use crate::title::page_title_in;
use crate::{dom, return_path};

/// Signing in with a card, where the portal takes any.
#[component]
pub fn CardSignIn() -> impl IntoView {
    let mut ways = use_portal().sign_in.ways.iter();
    if ways.any(|way| way.kind == WayKind::Card) {
        view! { <CardPage purpose=CardPurpose::SignIn /> }.into_any()
    } else {
        view! { <NotFound /> }.into_any()
    }
}

/// Proving anew by a card who is signed in.
#[component]
pub fn CardProof() -> impl IntoView {
    view! { <CardPage purpose=CardPurpose::Proof /> }
}

/// Attaching a card to the account of who is signed in.
#[component]
pub fn CardAttachment() -> impl IntoView {
    view! { <CardPage purpose=CardPurpose::Attach /> }
}

/// How far the card has come.
#[derive(Clone, Copy)]
enum Shown {
    /// The browser is on its way to the host that asks for it.
    Asking,
    /// The server judges it.
    Reading,
    /// It ended without good: why, and what there is to do until the card can serve again.
    Ended(
        fn(Language) -> &'static Told,
        Option<fn(Language) -> &'static str>,
    ),
    Attached,
}

#[derive(Clone, Copy)]
struct Page {
    purpose: CardPurpose,
    shown: RwSignal<Shown>,
    /// The number of the card that was refused, masked.
    number: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    trouble: Trouble,
    /// What the browser came back with, while it is not known to be used.
    token: StoredValue<Option<String>>,
    /// Where to go afterwards, as the address says it on the way there and back; unchecked.
    meant: StoredValue<Option<String>>,
    /// Kept here: what waits for an answer has no context to find it in.
    session: Session,
}

impl Page {
    /// The page's heading, and its title in the browser's tab; tracked.
    fn title(self, language: Language) -> &'static str {
        let words = card(language);
        match (self.shown.get(), self.purpose) {
            (Shown::Ended(told, _), _) => told(language).title,
            (Shown::Attached, _) => words.attached_title,
            (_, CardPurpose::SignIn) => words.sign_in_title,
            (_, CardPurpose::Proof) => words.proof_title,
            (_, CardPurpose::Attach) => words.attach_title,
        }
    }

    /// Where the person goes once the card has served.
    fn after(self) -> String {
        match self.purpose {
            CardPurpose::SignIn => return_path::accepted(self.meant.get_value()),
            CardPurpose::Proof | CardPurpose::Attach => self.otherwise(),
        }
    }

    /// Where there is another way to the same.
    fn otherwise(self) -> String {
        let meant = self.meant.get_value();
        match self.purpose {
            CardPurpose::SignIn => return_path::keeping(screens::SIGN_IN, meant),
            CardPurpose::Proof => return_path::accepted(meant.or_else(|| Some(screens::SECURITY.to_owned()))),
            CardPurpose::Attach => screens::SECURITY.to_owned(),
        }
    }

    /// Whether another request may be sent; it is then.
    fn sets_out(self) -> bool {
        if self.busy.get_untracked() || self.trouble.holds() {
            return false;
        }
        self.trouble.clear();
        self.busy.set(true);
        true
    }

    /// Has the browser go where the card is asked for.
    fn begin(self) {
        if !self.sets_out() {
            return;
        }
        card_visit::begin_anew();
        self.token.set_value(None);
        self.number.set(None);
        self.shown.set(Shown::Asking);
        spawn_local(async move {
            let answer = api::begin_card(self.purpose).await;
            // The page may have been left.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(url) => card_visit::leave_for(&url, self.meant.get_value()),
                Err(failure) => self.failed(failure),
            }
        });
    }

    /// Takes the answer to the server.
    fn redeem(self, token: String) {
        if !self.sets_out() {
            return;
        }
        self.token.set_value(Some(token.clone()));
        self.shown.set(Shown::Reading);
        spawn_local(async move {
            let answer = api::answer_card(self.purpose, token).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(entered) => self.entered(entered),
                Err(refusal) => self.refused(refusal),
            }
        });
    }

    fn entered(self, entered: Entered) {
        card_visit::settle();
        self.session.tell_other_tabs();
        match (entered, self.purpose) {
            (_, CardPurpose::Attach) => self.show(Shown::Attached),
            (Entered::SignedIn, _) => dom::load(&self.after()),
            (Entered::SecondStep, _) => {
                dom::load(&return_path::keeping(
                    screens::SECOND_STEP,
                    self.meant.get_value(),
                ));
            }
        }
    }

    fn refused(self, CardRefusal { failure, number }: CardRefusal) {
        let told = match &failure {
            Failure::Refused(refusal) => fault::told(self.purpose, refusal.code)
                .map(|told| Shown::Ended(told, fault::meanwhile(self.purpose, refusal.code))),
            Failure::Unreachable => None,
        };
        match told {
            Some(ended) => {
                // It was used.
                self.token.set_value(None);
                self.number.set(number);
                self.show(ended);
            }
            None => self.failed(failure),
        }
    }

    /// What went wrong is no fault of the card.
    fn failed(self, failure: Failure) {
        let code = match &failure {
            Failure::Refused(refusal) => Some(refusal.code),
            Failure::Unreachable => None,
        };
        if code == Some(ErrorCode::ProofRequired) {
            // Who one is, is proved there.
            return dom::load(screens::SECURITY);
        }
        self.session.heed(&failure);
        self.trouble.tell(failure);
    }

    fn retry(self) {
        match self.token.get_value() {
            Some(token) => self.redeem(token),
            None => self.begin(),
        }
    }

    fn show(self, shown: Shown) {
        self.shown.set(shown);
        request_animation_frame(|| dom::focus("main h1"));
    }

    /// The browser came back without an answer. Who is signed in by now goes on; the others read what to do.
    fn came_back(self) {
        self.shown.set(Shown::Ended(|l| &card(l).not_read, None));
        if self.purpose == CardPurpose::SignIn {
            Effect::new(move |_| {
                if matches!(self.session.access(), Access::Full | Access::Restricted) {
                    dom::load(&self.after());
                }
            });
        }
    }
}

#[component]
fn CardPage(purpose: CardPurpose) -> impl IntoView {
    let asked = dom::query(return_path::RETURN);
    let page = Page {
        purpose,
        shown: RwSignal::new(Shown::Asking),
        number: RwSignal::new(None),
        busy: RwSignal::new(false),
        trouble: Trouble::none(),
        token: StoredValue::new(None),
        meant: StoredValue::new(asked),
        session: use_session(),
    };
    page_title_in(move |language| page.title(language));
    match card_visit::arrival() {
        Arrival::Fresh => page.begin(),
        Arrival::Answered(token) => page.redeem(token),
        Arrival::Back => page.came_back(),
        Arrival::Done => dom::load(&page.after()),
    }
    // The browser may bring the page back as it was left: loaded anew, it knows by its history that it was.
    let listener = window_event_listener(leptos::ev::pageshow, |event| {
        if event.persisted() {
            dom::reload();
        }
    });
    on_cleanup(move || listener.remove());
    let retry = Callback::new(move |()| page.retry());
    view! {
        <div class="sheet slim">
            <Alert trouble=page.trouble retry />
            {move || match page.shown.get() {
                Shown::Asking | Shown::Reading => view! { <Going page /> }.into_any(),
                Shown::Ended(told, meanwhile) => view! { <Explained page told meanwhile /> }.into_any(),
                Shown::Attached => view! { <Alone page /> }.into_any(),
            }}
        </div>
    }
}
