use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::Language;
use portique_shared::api::captcha::{CaptchaAnswer, CaptchaKind, PictureChallenge};

use super::{CAPTCHA, CaptchaState, FAULT_ID, Parts, UNTOUCHED_RENEWALS};
use crate::api::Answer;
use crate::components::alert::{Alert, Trouble};
use crate::components::icon::icon;
use crate::components::star::star;
use crate::locales::{client, shell, t, use_lang};
use crate::{api, dom};

const PURPOSE_ID: &str = "captcha-purpose";

/// A picture is replaced so long before its time is over, in milliseconds: what is chosen last must still arrive.
const MARGIN_MS: i64 = 8_000;

/// After a renewal that failed or is slow, how long at least until the next, in milliseconds.
const RETRY_MS: i64 = 20_000;

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
    /// Before that, in the same measure, it is not renewed unasked: the last time failed, or is still under way.
    renewed_from: StoredValue<i64>,
    /// Tells the picture that was asked for last from those before.
    ticket: StoredValue<u32>,
    untouched: StoredValue<u32>,
}

/// Who wants another picture.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    /// The person, or a form that was refused: a failure is told.
    Asked,
    /// Nobody: the one on the screen grows old. What fails is tried again later, and disturbs no one who types.
    Unasked,
}

impl PictureState {
    pub fn new() -> Self {
        Self {
            challenge: RwSignal::new(None),
            chosen: RwSignal::new(None),
            said: RwSignal::new(None),
            trouble: Trouble::none(),
            since: StoredValue::new(0),
            renewed_from: StoredValue::new(0),
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

    /// Fetches another picture; the one on the screen stays until it is there.
    pub fn fetch(self, said: Option<Word>) {
        self.clear();
        self.trouble.clear();
        self.spawn(Fetch::Asked, said);
    }

    /// The same, in the place of one that was answered and is good for nothing any more.
    pub fn fetch_in_place_of_burnt(self, said: Option<Word>) {
        self.challenge.set(None);
        self.fetch(said);
    }

    fn spawn(self, fetch: Fetch, said: Option<Word>) {
        let ticket = self.ticket.get_value() + 1;
        self.ticket.set_value(ticket);
        spawn_local(async move {
            let since = dom::now();
            let answer = api::captcha_picture().await;
            // The form may be gone.
            if self.ticket.try_get_value() == Some(ticket) {
                self.note(answer, fetch, since, said);
            }
        });
    }

    fn note(self, answer: Answer<PictureChallenge>, fetch: Fetch, since: i64, said: Option<Word>) {
        match (answer, fetch) {
            (Ok(challenge), _) => {
                // Whoever chose in the one before is told that it counts no more.
                let chosen = self.chosen.get_untracked().is_some();
                let said = said.or_else(|| chosen.then_some((|l| client(l).captcha_expired) as Word));
                self.since.set_value(since);
                self.clear();
                self.challenge.set(Some(challenge));
                self.said.set(said);
            }
            (Err(failure), Fetch::Asked) => self.trouble.tell(failure),
            (Err(failure), Fetch::Unasked) => {
                let wait = i64::from(failure.retry_after()) * 1000;
                self.renewed_from.set_value(dom::now() + wait.max(RETRY_MS));
            }
        }
    }

    pub fn clear(self) {
        self.chosen.set(None);
        self.said.set(None);
    }

    /// Replaces a picture whose time is nearly over.
    pub fn keep_young(self) {
        let lifetime = (self.challenge).with_untracked(|challenge| challenge.as_ref().map(|c| c.expires_in));
        let Some(lifetime) = lifetime else { return };
        let now = dom::now();
        let age = now - self.since.get_value();
        let old = age >= i64::from(lifetime) * 1000 - MARGIN_MS && now >= self.renewed_from.get_value();
        if old && self.untouched.get_value() < UNTOUCHED_RENEWALS {
            self.untouched.update_value(|count| *count += 1);
            // An answer that is slow to come is not asked for again at every look.
            self.renewed_from.set_value(now + RETRY_MS);
            self.spawn(Fetch::Unasked, None);
        }
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
                {t(|l| client(l).captcha)}{star()} " "
                <span class="captcha-task">{t(|l| client(l).captcha_task)}</span>
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
                {icon("#icon-again")}
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
