use leptos::prelude::*;
use leptos::task::spawn_local;
use portique_shared::api::screens;

use super::NotFound;
use crate::api;
use crate::components::{Ceremony, CeremonyAlert, PasskeyButton, SIGN_IN, Unsupported};
use crate::locales::{Text, passkey, t};
use crate::portal::use_portal;
use crate::title::page_title;
use crate::{dom, return_path, webauthn};

/// Signing in with a passkey alone, where the portal takes any.
#[component]
pub fn PasskeySignIn() -> impl IntoView {
    if use_portal().sign_in.passkey {
        view! { <SignIn /> }.into_any()
    } else {
        view! { <NotFound /> }.into_any()
    }
}

/// The device says whose key it is.
#[component]
fn SignIn() -> impl IntoView {
    page_title(Text::Word(|l| passkey(l).sign_in_title));
    let ceremony = Ceremony::new(&SIGN_IN);
    let press = Callback::new(move |()| {
        if ceremony.begin() {
            spawn_local(sign_in(ceremony));
        }
    });
    let supported = webauthn::is_supported();
    view! {
        <div class="sheet slim">
            <section class="panel">
                <h1 tabindex="-1">{t(|l| passkey(l).sign_in_title)}</h1>
                {supported
                    .then(|| {
                        view! {
                            <CeremonyAlert ceremony retry=press />
                            <p class="lead">{t(|l| passkey(l).sign_in_intro)}</p>
                            <PasskeyButton label=Text::Word(|l| passkey(l).use_mine) ceremony press />
                        }
                    })} {(!supported).then(|| view! { <Unsupported /> })}
            </section>
            <section class="panel" aria-labelledby="no-passkey">
                <h2 id="no-passkey">{t(|l| passkey(l).none_title)}</h2>
                <p>{t(|l| passkey(l).none)}</p>
                <a class="quiet" href=with_password() rel="external">
                    {t(|l| passkey(l).with_password)}
                </a>
            </section>
        </div>
    }
}

async fn sign_in(ceremony: Ceremony) {
    let options = match api::passkey_sign_in_options().await {
        Ok(options) => options,
        Err(failure) => return ceremony.failed(failure),
    };
    let signed = match webauthn::get(&options).await {
        Ok(signed) => signed,
        Err(end) => return ceremony.ended(end),
    };
    match api::sign_in_with_passkey(&signed).await {
        Ok(()) => dom::load(&return_path::accepted(dom::query(return_path::RETURN))),
        Err(failure) => ceremony.failed(failure),
    }
}

fn with_password() -> String {
    return_path::keeping(screens::SIGN_IN, dom::query(return_path::RETURN))
}
