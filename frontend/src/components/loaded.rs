use leptos::prelude::*;

use super::alert::{Alert, Trouble};
use crate::api::Answer;
use crate::locales::{shell, t};
use crate::session::use_session;

/// Shows what a page reads from the server once it is there; until then that it is on its way, or why it is not.
#[component]
pub fn Loaded<T>(from: LocalResource<Answer<T>>, view: fn(&T) -> AnyView) -> impl IntoView
where
    T: Clone + 'static,
{
    let session = use_session();
    let trouble = Trouble::none();
    let loading = t(|l| shell(l).loading);
    Effect::new(move |_| {
        if let Some(Err(failure)) = from.get() {
            session.heed(&failure);
            trouble.tell(failure);
        }
    });
    let again = Callback::new(move |()| {
        trouble.clear();
        from.refetch();
    });
    view! {
        <Alert trouble retry=again />
        {move || match from.get() {
            Some(Ok(read)) => view(&read),
            Some(Err(_)) => ().into_any(),
            None => view! { <p class="loading">{loading}</p> }.into_any(),
        }}
    }
}
