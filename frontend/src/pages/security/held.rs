//! What the person holds of one kind, as a list: authenticators and cards alike.

use leptos::prelude::*;
use portique_shared::Language;
use portique_shared::api::card::CardView;
use portique_shared::api::security::{AuthenticatorKind, AuthenticatorView, SecurityView};

use super::saying::Saying;
use super::{Security, Word};
use crate::api::{self, Answer};
use crate::components::QuietButton;
use crate::dom;
use crate::locales::phrases::LocalTime;
use crate::locales::{card, detach_named, passkey, phrases, remove_named, security, t, use_lang};

/// What a list is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Authenticator(AuthenticatorKind),
    Card,
}

/// What is said of one kind.
struct Words {
    /// There is none.
    none: Word,
    /// Followed by a date.
    since: Word,
    removed: Word,
    /// The button's name for a screen reader: what it removes, and since when that is there.
    named: fn(Language, &str, LocalTime) -> String,
}

/// One of the list. Times are RFC 3339 in UTC.
#[derive(Clone, PartialEq, Eq)]
struct Item {
    id: String,
    name: String,
    /// What the button calls it.
    short: String,
    since: String,
    last_used: Option<String>,
}

impl Kind {
    fn words(self) -> Words {
        match self {
            Self::Authenticator(kind) => Words {
                none: if kind == AuthenticatorKind::Passkey {
                    |l| passkey(l).none_yet
                } else {
                    |l| security(l).no_app
                },
                since: |l| security(l).added,
                removed: |l| security(l).removed,
                named: remove_named,
            },
            Self::Card => Words {
                none: |l| card(l).none_yet,
                since: |l| card(l).attached_on,
                removed: |l| card(l).detached,
                named: detach_named,
            },
        }
    }

    fn items(self, view: &SecurityView) -> Vec<Item> {
        match self {
            Self::Authenticator(kind) => {
                let held = view.authenticators.iter().filter(|held| held.kind == kind);
                held.map(Item::from).collect()
            }
            Self::Card => view.cards.iter().map(Item::from).collect(),
        }
    }

    async fn remove(self, id: &str) -> Answer<SecurityView> {
        match self {
            Self::Authenticator(_) => api::remove_authenticator(id).await,
            Self::Card => api::detach_card(id).await,
        }
    }
}

impl From<&AuthenticatorView> for Item {
    fn from(held: &AuthenticatorView) -> Self {
        Self {
            id: held.id.clone(),
            name: held.name.clone(),
            short: held.name.clone(),
            since: held.added_at.clone(),
            last_used: held.last_used_at.clone(),
        }
    }
}

impl From<&CardView> for Item {
    fn from(held: &CardView) -> Self {
        Self {
            id: held.id.clone(),
            name: [&held.given_name, " ", &held.family_name, ", ", &held.number].concat(),
            short: held.number.clone(),
            since: held.attached_at.clone(),
            last_used: held.last_used_at.clone(),
        }
    }
}

/// What the person holds of one kind, each with its button of removal while changes are taken. `title`: the identifier of
/// the section's title, which takes the focus when the button that had it goes.
#[component]
pub(super) fn Held(page: Security, saying: Saying, kind: Kind, title: &'static str) -> impl IntoView {
    let items = Memo::new(move |_| page.read(|view| kind.items(view)).unwrap_or_default());
    let remove = Action::new_local(move |id: &String| {
        let id = id.clone();
        async move {
            if page.note(kind.remove(&id).await, saying, kind.words().removed) {
                request_animation_frame(move || dom::focus(title));
            }
        }
    });
    let pending: Signal<bool> = remove.pending().into();
    let take_away = Callback::new(move |id: String| {
        saying.clear();
        remove.dispatch_local(id);
    });
    let none = t(kind.words().none);
    move || {
        let items = items.get();
        if items.is_empty() {
            return view! { <p class="empty">{none}</p> }.into_any();
        }
        let items = items
            .into_iter()
            .map(|item| view! { <One page kind item busy=pending take_away /> })
            .collect_view();
        view! { <ul class="held">{items}</ul> }.into_any()
    }
}

#[component]
fn One(
    page: Security,
    kind: Kind,
    item: Item,
    busy: Signal<bool>,
    take_away: Callback<String>,
) -> impl IntoView {
    let lang = use_lang();
    let words = kind.words();
    let since = dom::local_time(&item.since);
    let used = item.last_used.as_deref().map(dom::local_time);
    let story = move || {
        let language = lang.get();
        let used = match used {
            Some(used) => [security(language).last_used, " ", &phrases::date(language, used)].concat(),
            None => security(language).never_used.to_owned(),
        };
        let since = phrases::date(language, since);
        [(words.since)(language), " ", &since, ", ", &used].concat()
    };
    let short = item.short;
    let named = Signal::derive(move || (words.named)(lang.get(), &short, since));
    let id = item.id;
    let press = Callback::new(move |()| take_away.run(id.clone()));
    view! {
        <li>
            <span>
                <strong>{item.name}</strong>
                <small>{story}</small>
            </span>
            {move || {
                page.is_open()
                    .then(|| {
                        view! { <QuietButton label=t(|l| security(l).remove) name=named busy press /> }
                    })
            }}
        </li>
    }
}
