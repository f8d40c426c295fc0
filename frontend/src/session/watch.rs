//! Keeps the session's time: warns, extends while the person is active, ends.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, VisibilityState};

use super::clock::Phase;
use super::{Session, Standing};
use crate::dom;

/// How old the server's word may be before a warning is shown or renewed, in milliseconds: another tab may have
/// extended the session meanwhile.
const FRESH_MS: i64 = 3_000;
const FRESH_IN_WARNING_MS: i64 = 15_000;

/// How often a visible page asks whether its session still stands: it may have been ended elsewhere.
const CHECK_MS: i64 = 60_000;

/// What the dialog says; `None` while there is nothing to warn of.
#[derive(Clone, Copy)]
pub struct Warning(pub RwSignal<Option<Countdown>>);

/// The time left, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Countdown {
    pub seconds: u32,
    pub extendable: bool,
}

/// Watches `session` for as long as the page lives.
pub fn watch(session: Session) -> Warning {
    let watcher = Watcher {
        session,
        warning: RwSignal::new(None),
        asking: RwSignal::new(false),
        settled: RwSignal::new(0),
    };
    set_interval(move || watcher.tick(), core::time::Duration::from_secs(1));
    let _ = window_event_listener(leptos::ev::keydown, move |_| watcher.activity());
    let _ = window_event_listener(leptos::ev::pointerdown, move |_| watcher.activity());
    let _ = window_event_listener(leptos::ev::pageshow, move |event| {
        // The browser brought the page back as it was left: nothing of it is shown before the server agrees.
        if event.persisted() {
            session.stand(Standing::Pending);
            watcher.ask();
        }
    });
    let on_visible = Closure::<dyn Fn()>::new(move || {
        if is_visible() {
            watcher.ask();
        }
    });
    // The page keeps both listeners until it is gone.
    let _ = dom::document()
        .add_event_listener_with_callback("visibilitychange", on_visible.as_ref().unchecked_ref());
    on_visible.forget();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |_| watcher.ask());
    session.channel.with_value(|channel| {
        if let Some(channel) = channel {
            channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
    });
    on_message.forget();
    Warning(watcher.warning)
}

#[derive(Clone, Copy)]
struct Watcher {
    session: Session,
    warning: RwSignal<Option<Countdown>>,
    /// Whether the server is being asked: one question at a time.
    asking: RwSignal<bool>,
    /// When the last question was answered, or failed: then the browser's own reckoning has to do.
    settled: RwSignal<i64>,
}

impl Watcher {
    fn tick(self) {
        let here = dom::now();
        let Some(clock) = self.session.clock.get_untracked() else {
            self.show(None);
            return;
        };
        let age = clock.age(here).min(here - self.settled.get_untracked());
        match clock.phase(here) {
            Phase::Quiet => {
                self.show(None);
                if age >= CHECK_MS && is_visible() {
                    self.ask();
                }
            }
            Phase::Warning { seconds, extendable } => {
                let shown = self.warning.get_untracked().is_some();
                let fresh = if shown { FRESH_IN_WARNING_MS } else { FRESH_MS };
                if age >= fresh {
                    self.ask();
                }
                if shown || age < fresh {
                    self.show(Some(Countdown { seconds, extendable }));
                }
            }
            Phase::Ended(_) if age >= FRESH_MS => self.ask_for_the_last_time(),
            Phase::Ended(why) => self.session.end(why),
        }
    }

    /// The person does something: the server hears of it now and then. Not during a warning, which asks for an
    /// answer of its own.
    fn activity(self) {
        let here = dom::now();
        let wanted = self
            .session
            .clock
            .get_untracked()
            .is_some_and(|clock| clock.phase(here) == Phase::Quiet && clock.wants_extension(here));
        if wanted {
            self.once(move || self.session.extend());
        }
    }

    fn ask(self) {
        self.once(move || self.session.refresh());
    }

    /// The time is over by the browser's reckoning: unless the server knows better, so be it.
    fn ask_for_the_last_time(self) {
        self.once(move || async move {
            self.session.refresh().await;
            if let Some(clock) = self.session.clock.get_untracked()
                && let Phase::Ended(why) = clock.phase(dom::now())
            {
                self.session.end(why);
            }
        });
    }

    fn once<F: Future<Output = ()> + 'static>(self, work: impl FnOnce() -> F) {
        if !self.asking.get_untracked() {
            self.asking.set(true);
            let work = work();
            spawn_local(async move {
                work.await;
                self.settled.set(dom::now());
                self.asking.set(false);
            });
        }
    }

    fn show(self, warning: Option<Countdown>) {
        if self.warning.get_untracked() != warning {
            self.warning.set(warning);
        }
    }
}

fn is_visible() -> bool {
    dom::document().visibility_state() == VisibilityState::Visible
}
