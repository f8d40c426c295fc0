//! The session as the client knows it: who is here, until when, and why nobody is any more.

mod clock;
mod watch;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::problem::ErrorCode;
use portique_shared::api::session::{PersonView, SessionState, SessionView};
use web_sys::BroadcastChannel;

pub use self::clock::{Ended, SessionClock, is_milestone};
pub use self::watch::{Countdown, Warning, watch};
use crate::api::{self, Failure};
use crate::guard::Access;
use crate::{dom, return_path};

/// The channel on which the browser's other tabs are told that the session changed; it carries no data.
const CHANNEL: &str = "portique-session";

/// Who is here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    Pending,
    Unreachable,
    Anonymous,
    SignedIn(Visit),
}

/// What a session says of its holder, without its times, which move at each answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub person: PersonView,
    pub restricted: bool,
    pub last_sign_in_at: Option<String>,
}

/// The session of this browser.
#[derive(Clone, Copy)]
pub struct Session {
    standing: RwSignal<Standing>,
    clock: RwSignal<Option<SessionClock>>,
    /// Why there is no session any more.
    ended: StoredValue<Option<Ended>>,
    /// Whether the password was changed in this very visit: the confirmation is true only then.
    pub just_changed: RwSignal<bool>,
    /// A sign-out that failed.
    pub trouble: RwSignal<Option<Failure>>,
    channel: StoredValue<Option<BroadcastChannel>, LocalStorage>,
}

impl Session {
    pub fn new() -> Self {
        Self {
            standing: RwSignal::new(Standing::Pending),
            clock: RwSignal::new(None),
            ended: StoredValue::new(None),
            just_changed: RwSignal::new(false),
            trouble: RwSignal::new(None),
            channel: StoredValue::new_local(BroadcastChannel::new(CHANNEL).ok()),
        }
    }

    /// What the session opens, tracked.
    pub fn access(self) -> Access {
        self.standing.with(|standing| match standing {
            Standing::Pending | Standing::Unreachable => Access::Pending,
            Standing::Anonymous => Access::Anonymous,
            Standing::SignedIn(visit) if visit.restricted => Access::Restricted,
            Standing::SignedIn(_) => Access::Full,
        })
    }

    /// Whether the server could not be asked who is here, tracked.
    pub fn is_unreachable(self) -> bool {
        self.standing.with(|standing| *standing == Standing::Unreachable)
    }

    /// Who is here, tracked; `None` for a stranger.
    pub fn visit(self) -> Option<Visit> {
        self.standing.with(|standing| match standing {
            Standing::SignedIn(visit) => Some(visit.clone()),
            _ => None,
        })
    }

    /// Takes what the server says of the session.
    pub fn heard(self, state: SessionState) {
        match state {
            SessionState::SignedIn(view) => self.signed_in(view),
            SessionState::Anonymous => match self.clock.get_untracked() {
                Some(clock) => self.end(clock.ended(dom::now())),
                None => self.stand(Standing::Anonymous),
            },
        }
    }

    /// Takes a failure of any request: it may mean that the session is over.
    pub fn heed(self, failure: &Failure) {
        if let Failure::Refused(refusal) = failure {
            match refusal.code {
                ErrorCode::SessionRequired => self.heard(SessionState::Anonymous),
                // Somebody changed the session under this page: the server knows best.
                ErrorCode::PasswordChangeRequired => spawn_local(self.refresh()),
                _ => {}
            }
        }
    }

    /// Asks the server who is here. Does not restart the idle time.
    pub async fn refresh(self) {
        match api::session().await {
            Ok(state) => self.heard(state),
            Err(_)
                if self
                    .standing
                    .with_untracked(|standing| *standing == Standing::Pending) =>
            {
                self.stand(Standing::Unreachable);
            }
            // The clock still runs; the next request tells what is wrong.
            Err(_) => {}
        }
    }

    /// Asks the server who is here after the person themselves ended sessions: nobody is sent away if this one was among
    /// them.
    pub async fn settle(self) {
        match api::session().await {
            Ok(SessionState::Anonymous) => {
                self.clock.set(None);
                self.stand(Standing::Anonymous);
            }
            Ok(state) => self.heard(state),
            // The next request tells what is wrong.
            Err(_) => {}
        }
    }

    /// Asks again after the server could not be reached.
    pub fn retry(self) {
        self.stand(Standing::Pending);
        spawn_local(self.refresh());
    }

    /// Restarts the idle time.
    pub async fn extend(self) {
        match api::extend_session().await {
            Ok(state) => {
                self.heard(state);
                self.tell_other_tabs();
            }
            Err(failure) => self.heed(&failure),
        }
    }

    /// Signs out; what the person sees next is the sign-in page, or why it failed.
    pub async fn sign_out(self) {
        self.trouble.set(None);
        match api::sign_out().await {
            Err(failure) if !is_over(&failure) => self.trouble.set(Some(failure)),
            _ => {
                self.tell_other_tabs();
                self.end(Ended::SignedOut);
            }
        }
    }

    pub fn tell_other_tabs(self) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                // A closed channel means a page that is going away.
                let _ = channel.post_message(&wasm_bindgen::JsValue::NULL);
            }
        });
    }

    /// Forgets everything about the session, and leaves for the sign-in page: a page loaded anew, so that nothing
    /// of this one stays in memory.
    pub fn end(self, why: Ended) {
        self.clock.set(None);
        self.ended.set_value(Some(why));
        self.stand(Standing::Anonymous);
        self.leave();
    }

    /// Leaves for the sign-in page, which comes back here afterwards.
    pub fn leave(self) {
        dom::load(&return_path::sign_in_address(
            &dom::path(),
            self.ended.get_value(),
        ));
    }

    fn signed_in(self, view: SessionView) {
        let fresh = SessionClock::new(
            dom::now(),
            dom::millis(&view.now),
            dom::millis(&view.idle_expires_at),
            dom::millis(&view.absolute_expires_at),
        );
        let clock = match self.clock.get_untracked() {
            Some(clock) => clock.updated(fresh),
            None => fresh,
        };
        self.clock.set(Some(clock));
        self.stand(Standing::SignedIn(Visit {
            person: view.person,
            restricted: view.password_change_required,
            last_sign_in_at: view.last_sign_in_at,
        }));
    }

    /// Changes the standing only when it differs, so that pages are not painted anew at each answer.
    fn stand(self, standing: Standing) {
        let somebody_else = self.standing.with_untracked(|before| match (before, &standing) {
            (Standing::SignedIn(before), Standing::SignedIn(now)) => {
                before.person.identifier != now.person.identifier
            }
            _ => false,
        });
        if somebody_else {
            // Another tab signed in as somebody else: this page is not theirs.
            dom::load(portique_shared::api::screens::HOME);
        } else if self.standing.with_untracked(|before| *before != standing) {
            self.standing.set(standing);
        }
    }
}

fn is_over(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == ErrorCode::SessionRequired)
}

pub fn use_session() -> Session {
    expect_context()
}
