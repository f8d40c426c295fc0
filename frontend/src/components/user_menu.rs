use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::portal::PasswordChangeEntry;
use portique_shared::api::screens;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::icon::icon;
use crate::dom;
use crate::locales::{client, t};
use crate::portal::use_portal;
use crate::session::{Visit, use_session};

/// The person's name, which drops a menu (the WAI-ARIA menu button), and the padlock where the portal has one.
#[component]
pub fn UserMenu() -> impl IntoView {
    let session = use_session();
    move || session.visit().map(|visit| view! { <Person visit /> })
}

#[component]
fn Person(visit: Visit) -> impl IntoView {
    let session = use_session();
    let padlock = use_portal().password_change.entry == PasswordChangeEntry::Padlock && !visit.restricted;
    let open = RwSignal::new(false);
    let root = NodeRef::<Div>::new();
    let show = move |selector: &'static str| {
        open.set(true);
        request_animation_frame(move || dom::focus(selector));
    };
    let close = move || {
        open.set(false);
        dom::focus("#person");
    };
    let on_button_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            show("#person-menu [role=menuitem]");
        }
        "ArrowUp" => {
            event.prevent_default();
            show("#person-menu li:last-child [role=menuitem]");
        }
        _ => {}
    };
    let on_menu_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "Escape" => return close(),
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "Home" => Step::First,
            "End" => Step::Last,
            _ => return,
        };
        event.prevent_default();
        move_focus(step);
    };
    // Tab and clicks elsewhere leave the menu, which then closes behind them.
    let on_focus_out = move |event: FocusEvent| {
        let inside = event.related_target().is_some_and(|target| {
            root.get_untracked()
                .zip(target.dyn_ref::<Node>())
                .is_some_and(|(root, target)| root.contains(Some(target)))
        });
        if !inside {
            open.set(false);
        }
    };
    let sign_out = move |_| {
        open.set(false);
        spawn_local(session.sign_out());
    };
    let restricted = visit.restricted;
    view! {
        <div class="person" class:framed=padlock node_ref=root on:focusout=on_focus_out>
            <button
                type="button"
                id="person"
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls="person-menu"
                on:click=move |_| {
                    if open.get_untracked() { close() } else { show("#person-menu [role=menuitem]") }
                }
                on:keydown=on_button_key
            >
                {icon("#icon-person")}
                <span>{visit.person.display_name}</span>
                {icon("#icon-down")}
            </button>
            {padlock
                .then(|| {
                    view! {
                        <a
                            class="padlock"
                            href=screens::CHANGE_PASSWORD
                            aria-label=t(|l| client(l).change_password)
                            title=t(|l| client(l).change_password)
                        >
                            {icon("#icon-padlock")}
                        </a>
                    }
                })}
            <ul
                id="person-menu"
                role="menu"
                aria-labelledby="person"
                hidden=move || !open.get()
                on:keydown=on_menu_key
            >
                {(!restricted)
                    .then(|| {
                        view! {
                            <li role="none">
                                <a
                                    role="menuitem"
                                    tabindex="-1"
                                    href=screens::ACCOUNT
                                    on:click=move |_| open.set(false)
                                >
                                    {icon("#icon-person")}
                                    {t(|l| client(l).my_account)}
                                </a>
                            </li>
                        }
                    })}
                <li role="none">
                    <button type="button" role="menuitem" tabindex="-1" on:click=sign_out>
                        {icon("#icon-leave")}
                        {t(|l| client(l).sign_out)}
                    </button>
                </li>
            </ul>
        </div>
    }
}

enum Step {
    First,
    Previous,
    Next,
    Last,
}

/// Moves the focus among the menu's items, round and round.
fn move_focus(step: Step) {
    let document = dom::document();
    let Ok(items) = document.query_selector_all("#person-menu [role=menuitem]") else {
        return;
    };
    let count = items.length();
    let here = document.active_element();
    let index = (0..count).find(|index| {
        items
            .get(*index)
            .zip(here.as_ref())
            .is_some_and(|(item, here)| item.is_same_node(Some(here)))
    });
    let target = match (step, index) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => count.saturating_sub(1),
        (Step::Next, Some(index)) => (index + 1) % count,
        (Step::Previous, Some(index)) => (index + count - 1) % count,
    };
    if let Some(item) = items
        .get(target)
        .and_then(|item| item.dyn_into::<HtmlElement>().ok())
    {
        // An item that refuses the focus leaves it on its neighbour.
        let _ = item.focus();
    }
}
