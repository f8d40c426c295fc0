use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use portique_shared::api::portal::{SignInShape, WayKind, WayView};

use super::sign_in::{CardWay, Newcomers, PasswordWay};
use crate::components::icon;
use crate::dom;
use crate::locales::p;
use crate::portal::use_front;

/// The ways to sign in, shaped as the portal's guide shows them.
#[component]
pub fn Ways() -> impl IntoView {
    let sign_in = &use_front().sign_in;
    let heading = p(&sign_in.heading);
    match sign_in.shape {
        SignInShape::Card => view! {
            <section class="door card">
                <h1 tabindex="-1">{heading}</h1>
                {all_ways()}
                <Newcomers />
            </section>
        }
        .into_any(),
        SignInShape::Frame => view! {
            <fieldset class="door frame">
                <legend>
                    <h1 tabindex="-1">{heading}</h1>
                </legend>
                {all_ways()}
                <Newcomers />
            </fieldset>
        }
        .into_any(),
        SignInShape::Columns => view! {
            <section class="door columns">
                <h1 tabindex="-1">{heading}</h1>
                <Columns />
                <Newcomers />
            </section>
        }
        .into_any(),
        SignInShape::Tabs => view! {
            <section class="door tabs">
                <h1 tabindex="-1">{heading}</h1>
                <Tabs />
                <Newcomers />
            </section>
        }
        .into_any(),
    }
}

fn all_ways() -> impl IntoView {
    use_front().sign_in.ways.iter().map(form).collect_view()
}

fn form(way: &'static WayView) -> impl IntoView {
    match way.kind {
        WayKind::Password | WayKind::Strong => view! { <PasswordWay way /> }.into_any(),
        WayKind::Card => view! { <CardWay way /> }.into_any(),
    }
}

const fn pictogram(kind: WayKind) -> &'static str {
    match kind {
        WayKind::Password => "#icon-key",
        WayKind::Strong => "#icon-padlock",
        WayKind::Card => "#icon-card",
    }
}

/// The ways side by side, each a button that opens its form.
#[component]
fn Columns() -> impl IntoView {
    let sign_in = &use_front().sign_in;
    let ways = &sign_in.ways;
    let open = RwSignal::new(sign_in.open_way());
    let buttons = ways
        .iter()
        .enumerate()
        .map(|(index, way)| {
            let choose = move |_| {
                open.set(index);
                request_animation_frame(|| dom::focus("#way :is(input, a)"));
            };
            view! {
                <li>
                    <button
                        type="button"
                        class="way"
                        aria-expanded=move || if open.get() == index { "true" } else { "false" }
                        aria-controls="way"
                        on:click=choose
                    >
                        {icon(pictogram(way.kind))}
                        <span>{p(&way.label)}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="ways">{buttons}</ul>
        <div class="way-form" id="way">
            {move || ways.get(open.get()).map(form)}
        </div>
    }
}

/// A tab for each way (the WAI-ARIA tabs).
#[component]
fn Tabs() -> impl IntoView {
    let sign_in = &use_front().sign_in;
    let ways = &sign_in.ways;
    let selected = RwSignal::new(sign_in.open_way());
    let on_key = move |event: KeyboardEvent| {
        let (here, last) = (selected.get_untracked(), ways.len().saturating_sub(1));
        let target = match event.key().as_str() {
            "ArrowRight" => (here + 1) % ways.len(),
            "ArrowLeft" => (here + last) % ways.len(),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        selected.set(target);
        request_animation_frame(|| dom::focus("[role=tab][aria-selected=true]"));
    };
    let tabs = ways
        .iter()
        .enumerate()
        .map(|(index, way)| {
            let is_selected = move || selected.get() == index;
            view! {
                <button
                    type="button"
                    role="tab"
                    id=["tab-", &index.to_string()].concat()
                    aria-controls="way"
                    aria-selected=move || if is_selected() { "true" } else { "false" }
                    tabindex=move || if is_selected() { "0" } else { "-1" }
                    on:click=move |_| selected.set(index)
                    on:keydown=on_key
                >
                    {p(&way.label)}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tablist" role="tablist" aria-label=p(&sign_in.heading)>
            {tabs}
        </div>
        <div
            class="way-form"
            id="way"
            role="tabpanel"
            aria-labelledby=move || ["tab-", &selected.get().to_string()].concat()
        >
            {move || ways.get(selected.get()).map(form)}
        </div>
    }
}
