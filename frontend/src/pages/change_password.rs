use leptos::prelude::*;

use crate::components::PasswordForm;
use crate::guard::Access;
use crate::locales::{Text, client, t};
use crate::session::use_session;
use crate::title::page_title;

/// The change of password alone: behind the padlock, and after a provisional password.
#[component]
pub fn ChangePassword() -> impl IntoView {
    page_title(Text::Word(|l| client(l).password_title));
    let session = use_session();
    let intro = t(|l| client(l).forced_intro);
    view! {
        <div class="sheet slim">
            <section class="panel">
                <h1 tabindex="-1">{t(|l| client(l).password_title)}</h1>
                {move || {
                    (session.access() == Access::Restricted)
                        .then(|| view! { <p class="intro">{intro}</p> })
                }}
                <PasswordForm />
            </section>
        </div>
    }
}
