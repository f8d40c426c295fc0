use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind, PictureChallenge};

use super::{CAPTCHA, CaptchaState, FAULT_ID, Parts, UNTOUCHED_RENEWALS};
use crate::components::alert::{Alert, Trouble};
use crate::components::icon::icon;
use crate::locales::{client, shell, t, use_lang};
use crate::{api, dom};

const PURPOSE_ID: &str = "captcha-purpose";

/// A picture is replaced so long before its time is over, in milliseconds: what is chosen last must still arrive.
const MARGIN_MS: i64 = 8_000;

type Word = fn(Language) -> &'static str;

#[derive(Clone, Copy)]
pub struct PictureState {
    challenge: RwSignal<Option<PictureChallenge>>,
    /// The chosen icon, from 0.
    chosen: RwSignal<Option<u8>>,
    /// What is told of a picture that came after another.
    said: RwSignal<Option<Word>>,
    trouble: Trouble,
    /// When the picture on the screen was asked for, in milliseconds since 1970.
    since: StoredValue<i64>,
    /// Tells the picture that was asked for last from those before.
    ticket: StoredValue<u32>,
    untouched: StoredValue<u32>,
}

impl PictureState {
    pub fn new() -> Self {
        Self {
            challenge: RwSignal::new(None),
            chosen: RwSignal::new(None),
            said: RwSignal::new(None),
            trouble: Trouble::none(),
            since: StoredValue::new(0),
            ticket: StoredValue::new(0),
            untouched: StoredValue::new(0),
        }
    }

    pub fn answer(self) -> Option<CaptchaAnswer> {
        let cell = self.chosen.get_untracked()?;
        self.challenge.with_untracked(|challenge| {
            let id = challenge.as_ref()?.id.clone();
            Some(CaptchaAnswer::Picture { id, cell })
        })
    }

    /// Fetches another picture; the one on the screen stays until it is there, but can't be answered any more.
    pub fn fetch(self, said: Option<Word>) {
        let ticket = self.ticket.get_value() + 1;
        self.ticket.set_value(ticket);
        self.clear();
        self.trouble.clear();
        spawn_local(async move {
            let asked = dom::now();
            let answer = api::captcha_picture().await;
            // The form may be gone.
            if self.ticket.try_get_value() != Some(ticket) {
                return;
            }
            match answer {
                Ok(challenge) => {
                    self.since.set_value(asked);
                    self.clear();
                    self.challenge.set(Some(challenge));
                    self.said.set(said);
                }
                Err(failure) => self.trouble.tell(failure),
            }
        });
    }

    pub fn clear(self) {
        self.chosen.set(None);
        self.said.set(None);
    }

    /// Replaces a picture whose time is nearly over, and says so if somebody had chosen already.
    pub fn keep_young(self) {
        let lifetime = (self.challenge).with_untracked(|challenge| challenge.as_ref().map(|c| c.expires_in));
        let Some(lifetime) = lifetime else { return };
        let age = dom::now() - self.since.get_value();
        if age < i64::from(lifetime) * 1000 - MARGIN_MS || self.untouched.get_value() >= UNTOUCHED_RENEWALS {
            return;
        }
        self.untouched.update_value(|count| *count += 1);
        let chosen = self.chosen.get_untracked().is_some();
        self.fetch(chosen.then_some(|l| client(l).captcha_expired));
    }

    fn touched(self) {
        self.untouched.set_value(0);
        self.said.set(None);
    }
}

/// The picture, with a button over each of its icons.
#[component]
pub fn Picture(captcha: CaptchaState) -> impl IntoView {
    let lang = use_lang();
    let captcha = captcha.parts();
    let state = captcha.picture;
    let another = move || {
        captcha.touch(CaptchaKind::Picture);
        state.touched();
        state.fetch(Some(|l| client(l).captcha_renewed));
    };
    let invalid = move || captcha.fault.with(Option::is_some).then_some("true");
    let loading = t(|l| shell(l).loading);
    view! {
        <fieldset
            class="captcha-picture"
            role="radiogroup"
            tabindex="-1"
            aria-required="true"
            aria-invalid=invalid
            aria-describedby=[PURPOSE_ID, " ", FAULT_ID].concat()
        >
            <legend>
                {t(|l| client(l).captcha)} " *" <span>{t(|l| client(l).captcha_task)}</span>
            </legend>
            <p class="hint" id=PURPOSE_ID>
                {t(|l| client(l).captcha_purpose)}
            </p>
            {move || match state.challenge.get() {
                Some(challenge) => view! { <Grid captcha challenge /> }.into_any(),
                None => view! { <p class="captcha-blank loading">{loading}</p> }.into_any(),
            }}
        </fieldset>
        <Alert trouble=state.trouble retry=Callback::new(move |()| another()) />
        <div class="captcha-other">
            <button type="button" class="quiet" on:click=move |_| another()>
                {icon("#icon-wait")}
                {t(|l| client(l).captcha_other)}
            </button>
            <p class="hint" role="status">
                {move || state.said.get().map(|word| word(lang.get()))}
            </p>
        </div>
    }
}

#[component]
fn Grid(captcha: Parts, challenge: PictureChallenge) -> impl IntoView {
    let PictureChallenge {
        image,
        count,
        columns,
        ..
    } = challenge;
    let columns = columns.max(1);
    let cells = (0..count)
        .map(|cell| view! { <Cell captcha cell /> })
        .collect_view();
    view! {
        <div
            class="captcha-grid"
            style:--columns=columns.to_string()
            style:--rows=count.div_ceil(columns).to_string()
        >
            <img src=["data:image/png;base64,", &image].concat() alt=t(|l| client(l).captcha_picture) />
            <div>{cells}</div>
        </div>
    }
}

/// One icon: a radio button as large as it, with a number that can be said aloud.
#[component]
fn Cell(captcha: Parts, cell: u8) -> impl IntoView {
    let state = captcha.picture;
    let choose = move |_| {
        captcha.touch(CaptchaKind::Picture);
        state.touched();
        state.chosen.set(Some(cell));
    };
    view! {
        <label>
            <input
                type="radio"
                name=CAPTCHA
                value=cell
                prop:checked=move || state.chosen.get() == Some(cell)
                on:change=choose
            />
            <span class="captcha-mark">{icon("#icon-done")}</span>
            <span class="captcha-number">
                <span class="for-readers">{t(|l| client(l).captcha_icon)} " "</span>
                {u32::from(cell) + 1}
            </span>
        </label>
    }
}
