use leptos::prelude::*;
use portique_shared::api::recovery::LinkView;

use crate::api;
use crate::components::Trouble;
use crate::locales::{Text, shell, t};
use crate::mail_token::use_mail_token;

/// The link that opened the page: the server is asked where it stands, which consumes nothing.
#[derive(Clone, Copy)]
pub struct OpenedLink {
    /// Why the server could not be asked.
    pub trouble: Trouble,
    /// Asks again.
    pub look: Callback<()>,
}

impl OpenedLink {
    /// `looking` is told when a link is being asked about, the page's own or another one opened in the same tab; `seen`
    /// gets its token and where it stands. A page without a link tells nothing.
    pub fn follow(looking: impl Fn() + 'static, seen: impl Fn(String, LinkView) + Copy + 'static) -> Self {
        let mail_token = use_mail_token();
        let trouble = Trouble::none();
        let ask = Action::new_local(move |token: &String| {
            let token = token.clone();
            async move {
                match api::link(token.clone()).await {
                    Ok(link) => seen(token, link),
                    Err(failure) => trouble.tell(failure),
                }
            }
        });
        let look = Callback::new(move |()| {
            if let Some(token) = mail_token.get_untracked() {
                trouble.clear();
                ask.dispatch_local(token);
            }
        });
        Effect::new(move |_| {
            if mail_token.get().is_some() {
                looking();
                look.run(());
            }
        });
        Self { trouble, look }
    }
}

/// What stands in the page's place until the server has answered.
#[component]
pub fn Looking(title: Text, trouble: Trouble) -> impl IntoView {
    let loading = t(|l| shell(l).loading);
    view! {
        <h1 class="for-readers" tabindex="-1">
            {title.show()}
        </h1>
        <p class="loading">{move || (!trouble.any()).then(loading)}</p>
    }
}
