//! The captcha of a form: a picture, with the same without a picture beside it; or that alone; or none.

mod picture;
mod proof;

use core::time::Duration;

use leptos::prelude::*;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind};
use portique_shared::api::problem::FieldReason;

use self::picture::{Picture, PictureState};
use self::proof::{Proof, ProofState};
use crate::dom;
use crate::locales::faults::Fault;
use crate::locales::{client, t, use_lang};

/// The captcha's name in the requests and in the server's refusals.
pub const CAPTCHA: &str = "captcha";

const FAULT_ID: &str = "captcha-fault";

/// How often it is looked whether a challenge grows old.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How many times in a row a challenge is renewed that nobody touches: some forty minutes. After that a form left open
/// asks nothing of the server any more.
const UNTOUCHED_RENEWALS: u32 = 20;

/// A form's captcha: what was answered, and what is wrong with it. A handle, copied like those of fields.
#[derive(Clone, Copy)]
pub struct CaptchaState(StoredValue<Parts>);

/// Its parts: too many to be copied from component to component.
#[derive(Clone, Copy)]
struct Parts {
    /// What the portal asks for.
    kind: Option<CaptchaKind>,
    /// What the answer comes from: the way that was touched last.
    by: RwSignal<CaptchaKind>,
    fault: RwSignal<Option<Fault>>,
    picture: PictureState,
    proof: ProofState,
}

impl CaptchaState {
    /// Fetches the picture at once, where one is shown.
    pub fn new(kind: Option<CaptchaKind>) -> Self {
        let fault = RwSignal::new(None);
        let parts = Parts {
            kind,
            by: RwSignal::new(kind.unwrap_or(CaptchaKind::Proof)),
            fault,
            picture: PictureState::new(),
            proof: ProofState::new(fault),
        };
        if kind == Some(CaptchaKind::Picture) {
            parts.picture.fetch(None);
        }
        if kind.is_some() {
            let looking = set_interval_with_handle(move || parts.keep_young(), LOOK_EVERY);
            if let Ok(looking) = looking {
                on_cleanup(move || looking.clear());
            }
        }
        Self(StoredValue::new(parts))
    }

    /// What is sent with the form; `None` while there is nothing to send.
    pub fn answer(self) -> Option<CaptchaAnswer> {
        self.parts().answer()
    }

    /// Notes whether there is an answer; true when there is, or none is asked for.
    pub fn require(self) -> bool {
        self.parts().require()
    }

    /// The server refused the answer: it is to be given again, to another challenge.
    pub fn refuse(self) {
        self.parts().refuse();
    }

    /// The form was sent, and refused for something else: the answer is used up. A proof is made anew unasked.
    pub fn renew(self) {
        self.parts().renew();
    }

    fn parts(self) -> Parts {
        self.0.get_value()
    }
}

impl Parts {
    fn answer(self) -> Option<CaptchaAnswer> {
        match (self.kind?, self.by.get_untracked()) {
            (_, CaptchaKind::Proof) => self.proof.answer(),
            (_, CaptchaKind::Picture) => self.picture.answer(),
        }
    }

    fn require(self) -> bool {
        let Some(kind) = self.kind else { return true };
        let missing = self.answer().is_none();
        self.fault.set(missing.then(|| {
            // A proof that grew too old while the machine slept is begun again here.
            Fault::word(if self.proof.is_under_way() {
                |language| client(language).robot_unfinished
            } else if kind == CaptchaKind::Proof {
                |language| client(language).robot_missing
            } else {
                |language| client(language).captcha_missing
            })
        }));
        !missing
    }

    fn refuse(self) {
        let Some(kind) = self.kind else { return };
        self.proof.stop();
        if kind == CaptchaKind::Picture {
            self.picture.fetch_in_place_of_burnt(None);
        }
        self.by.set(kind);
        self.fault.set(Some(Fault::told(FieldReason::CaptchaRefused, "")));
    }

    fn renew(self) {
        match (self.kind, self.by.get_untracked()) {
            (None, _) => {}
            (_, CaptchaKind::Proof) => self.proof.begin(),
            (_, CaptchaKind::Picture) => {
                self.picture
                    .fetch_in_place_of_burnt(Some(|l| client(l).captcha_renewed));
            }
        }
    }

    /// Notes that a way was touched: the other one's answer no longer counts.
    fn touch(self, kind: CaptchaKind) {
        self.fault.set(None);
        self.by.set(kind);
        match kind {
            CaptchaKind::Picture => self.proof.stop(),
            CaptchaKind::Proof => self.picture.clear(),
        }
    }

    /// Renews what grows old, unless nobody looks or the form is gone.
    fn keep_young(self) {
        if !dom::is_visible() {
            return;
        }
        match self.by.try_get_untracked() {
            Some(CaptchaKind::Picture) => self.picture.keep_young(),
            Some(CaptchaKind::Proof) => self.proof.keep_young(),
            None => {}
        }
    }
}

/// The captcha's place in a form; nothing where the portal asks for none.
#[component]
pub fn Captcha(
    state: CaptchaState,
    /// Whether the form's other fields carry the star of required ones. A picture always does.
    #[prop(optional)]
    starred: bool,
) -> impl IntoView {
    let Parts { kind, fault, .. } = state.parts();
    let kind = kind?;
    let instead = kind == CaptchaKind::Picture;
    let lang = use_lang();
    let told = move || {
        let words = |fault: &Fault| fault.words(lang.get());
        fault.with(|fault| fault.as_ref().map(words))
    };
    Some(view! {
        <div class="captcha">
            {instead
                .then(|| {
                    view! {
                        <Picture captcha=state />
                        <p class="or" aria-hidden="true">
                            {t(|l| client(l).captcha_or)}
                        </p>
                    }
                })}
            <Proof captcha=state instead starred=starred && !instead />
            <p class="fault" id=FAULT_ID>
                {told}
            </p>
        </div>
    })
}
