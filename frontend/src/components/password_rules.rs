use core::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::account::{CheckPasswordRequest, PasswordVerdict};
use portique_shared::api::recovery::CheckNewPasswordRequest;

use super::icon::icon;
use crate::api::Answer;
use crate::locales::{client, faults, phrases, recovery, t, use_lang};
use crate::portal::use_portal;
use crate::{api, dom};

/// How long after the last key the server is asked, and a screen reader told: not at each key.
const PAUSE: Duration = Duration::from_millis(400);

/// Who answers for a password being typed.
#[derive(Clone, Debug)]
pub enum Checker {
    /// The session of the person who changes it.
    Session,
    /// The token of the link that opened the page.
    Link(String),
}

impl Checker {
    async fn check(self, new_password: String) -> Answer<PasswordVerdict> {
        match self {
            Self::Session => api::check_password(&CheckPasswordRequest { new_password }).await,
            Self::Link(token) => {
                api::check_new_password(&CheckNewPasswordRequest { token, new_password }).await
            }
        }
    }
}

/// What is known of a new password while it is typed.
#[derive(Clone, Copy)]
pub struct Watched {
    typed: RwSignal<String>,
    /// What the server said of what stands typed.
    verdict: RwSignal<Option<PasswordVerdict>>,
    /// What a screen reader is told.
    said: RwSignal<String>,
}

impl Watched {
    /// Watches `typed` from now on.
    pub fn new(typed: RwSignal<String>, checker: Checker) -> Self {
        let watched = Self {
            typed,
            verdict: RwSignal::new(None),
            said: RwSignal::new(String::new()),
        };
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let lang = use_lang();
        let policy = &use_portal().password_policy;
        let look = move || {
            let password = watched.password();
            // As many as are on the screen.
            let mut checks = policy.check(&password);
            checks.retain(|check| check.rule.is_announced() || !check.met);
            let met = checks.iter().filter(|check| check.met).count();
            let said = if password.is_empty() {
                String::new()
            } else {
                phrases::rules_met(lang.get_untracked(), met, checks.len())
            };
            watched.said.set(said);
            // The server is asked only where its word can matter.
            if !password.is_empty() && (met == checks.len() || policy.show_strength) {
                spawn_local(watched.ask(checker.clone(), password));
            }
        };
        Effect::new(move |_| {
            let look = look.clone();
            watched.typed.track();
            watched.verdict.set(None);
            if let Some(handle) = waiting.get_value() {
                handle.clear();
            }
            waiting.set_value(set_timeout_with_handle(look, PAUSE).ok());
        });
        on_cleanup(move || {
            if let Some(handle) = waiting.try_get_value().flatten() {
                handle.clear();
            }
        });
        watched
    }

    /// What the server said of what stands typed, if it has already.
    pub fn verdict(self) -> Option<PasswordVerdict> {
        self.verdict.get_untracked()
    }

    /// What stands typed, as the policy reckons it.
    fn password(self) -> String {
        dom::nfc(&self.typed.get_untracked())
    }

    async fn ask(self, checker: Checker, password: String) {
        // A check that fails says nothing: the change itself is checked again, and tells.
        if let Ok(verdict) = checker.check(password.clone()).await
            && self.typed.try_with_untracked(|typed| dom::nfc(typed) == password) == Some(true)
        {
            self.verdict.set(Some(verdict));
        }
    }
}

/// The policy's rules, each met or not by what is typed, and the server's word.
#[component]
pub fn PasswordRules(
    id: &'static str,
    watched: Watched,
    /// Whether they carry the title «Politique de sécurité».
    titled: bool,
) -> impl IntoView {
    let lang = use_lang();
    let policy = &use_portal().password_policy;
    let examples = policy.special_examples.as_str();
    let rules = policy
        .rules()
        .enumerate()
        .map(|(index, rule)| {
            let met = move || {
                let password = watched.typed.with(|typed| dom::nfc(typed));
                policy.check(&password)[index].met
            };
            let state = move || {
                let words = client(lang.get());
                if met() { words.rule_met } else { words.rule_unmet }
            };
            view! {
                <li class:met=met hidden=move || !rule.is_announced() && met()>
                    {icon("#icon-rule")}
                    <span>{move || phrases::rule(lang.get(), rule, examples)}</span>
                    // One that is told only when broken says itself what to do.
                    {rule.is_announced().then(|| view! { <span class="for-readers">", " {state}</span> })}
                </li>
            }
        })
        .collect_view();
    let refused = move || {
        watched
            .verdict
            .with(|verdict| verdict.as_ref().and_then(|verdict| verdict.blocklisted))
            .map(|why| faults::blocklisted(lang.get(), why))
    };
    view! {
        <div class="rules" id=id>
            {titled.then(|| view! { <p class="policy">{t(|l| recovery(l).policy_title)}</p> })}
            <p>{t(|l| client(l).rules_title)}</p>
            <ul>{rules}</ul>
        </div>
        {policy.show_strength.then(|| view! { <Strength watched /> })}
        <p class="fault" role="status">
            {refused}
        </p>
        <p class="for-readers" role="status">
            {watched.said}
        </p>
    }
}

/// The estimated strength, in words and in bars.
#[component]
fn Strength(watched: Watched) -> impl IntoView {
    let lang = use_lang();
    let strength = move || {
        watched
            .verdict
            .with(|verdict| verdict.as_ref().map(|verdict| verdict.strength))
    };
    let words = move || {
        let words = client(lang.get());
        strength().map(|strength| match strength {
            0 => words.strength_0,
            1 => words.strength_1,
            2 => words.strength_2,
            3 => words.strength_3,
            _ => words.strength_4,
        })
    };
    view! {
        <div class="strength" data-strength=move || strength().map(|strength| strength.to_string())>
            <span class="bars" aria-hidden="true">
                <i></i>
                <i></i>
                <i></i>
                <i></i>
            </span>
            <p role="status">{move || phrases::label(lang.get(), client(lang.get()).strength)} <strong>{words}</strong></p>
        </div>
    }
}
