//! The screens for who stands locked out. What they ask is answered by mail; what a mail brings opens the others.

mod account_request;
mod ask;
mod confirm;
mod link_end;
mod opened_link;
mod receipt;
mod reset;
mod taken;

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use portique_shared::api::portal::{RecoveryScreen, RecoveryView};
use portique_shared::api::recovery::RecoveryBy;
use portique_shared::api::{paths, screens};

pub use self::account_request::RequestAccount;
use self::ask::Ask;
pub use self::confirm::ConfirmAccountRequest;
pub use self::reset::NewPassword;
use crate::locales::{recovery, t};
use crate::portal::use_portal;
use crate::{dom, return_path};

/// What a person who stands locked out asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plea {
    Password,
    Identifier,
    Invitation,
    Account,
}

impl Plea {
    /// Its screen, where the portal offers it.
    fn screen(self, offered: &'static RecoveryView) -> Option<&'static RecoveryScreen> {
        match self {
            Self::Password => offered.password.as_ref().map(|password| &password.screen),
            Self::Identifier => offered.identifier.as_ref(),
            Self::Invitation => offered.first_connection.as_ref(),
            Self::Account => offered.account_request.as_ref(),
        }
    }

    /// Where it is asked.
    const fn path(self) -> &'static str {
        match self {
            Self::Password => paths::RECOVERY_PASSWORD,
            Self::Identifier => paths::RECOVERY_IDENTIFIER,
            Self::Invitation => paths::RECOVERY_INVITATION,
            Self::Account => paths::ACCOUNT_REQUESTS,
        }
    }

    /// By what the person is known.
    fn by(self, offered: &RecoveryView) -> RecoveryBy {
        match (self, &offered.password) {
            (Self::Password, Some(password)) => password.by,
            _ => RecoveryBy::Email,
        }
    }

    /// Where «Annuler» leads: to the screen whose link led here.
    fn origin(self, offered: &RecoveryView) -> &'static str {
        match self {
            Self::Identifier if offered.password.is_some() => screens::LOST_PASSWORD,
            _ => screens::SIGN_IN,
        }
    }
}

/// «Mot de passe oublié».
#[component]
pub fn LostPassword() -> impl IntoView {
    asked(Plea::Password)
}

/// «Rappel du Login».
#[component]
pub fn LostIdentifier() -> impl IntoView {
    asked(Plea::Identifier)
}

/// «Première connexion»: the invitation once more.
#[component]
pub fn FirstConnection() -> impl IntoView {
    asked(Plea::Invitation)
}

fn asked(plea: Plea) -> AnyView {
    match plea.screen(&use_portal().recovery) {
        Some(screen) => view! { <Ask plea screen /> }.into_any(),
        None => view! { <super::NotFound /> }.into_any(),
    }
}

/// The address of a screen that keeps where to go after signing in.
fn keeping_return(screen: &str) -> String {
    return_path::keeping(screen, dom::query(return_path::RETURN))
}

/// «Annuler»: nothing was sent, nothing is kept.
#[component]
fn Cancel(
    /// The screen to go back to.
    #[prop(default = screens::SIGN_IN)]
    to: &'static str,
) -> impl IntoView {
    // The sign-in page is the other bundle's: the browser itself goes there.
    let rel = (to == screens::SIGN_IN).then_some("external");
    view! {
        <a class="quiet" href=keeping_return(to) rel=rel>
            {t(|l| recovery(l).cancel)}
        </a>
    }
}

/// The way to the sign-in page.
#[component]
fn ToSignIn(
    class: &'static str,
    /// «Retour à la connexion», rather than «Se connecter».
    #[prop(optional)]
    back: bool,
    /// Whose identifier the page hands on, where it knows.
    #[prop(optional)]
    identifier: String,
) -> impl IntoView {
    let words = if back {
        t(|l| recovery(l).back_to_sign_in)
    } else {
        t(|l| recovery(l).sign_in)
    };
    // The sign-in page takes this page's place in the tab's history, where it finds the identifier: an address that told it
    // would end up in lists of visited pages and in logs.
    let hand_on = move |event: MouseEvent| {
        let elsewhere = event.ctrl_key() || event.meta_key() || event.shift_key();
        if !identifier.is_empty() && !elsewhere {
            event.prevent_default();
            dom::rename(&keeping_return(screens::SIGN_IN), &identifier);
            dom::reload();
        }
    };
    view! {
        <a class=class href=keeping_return(screens::SIGN_IN) rel="external" on:click=hand_on>
            {words}
        </a>
    }
}

/// Takes the focus to the title of the step that the page has come to.
fn focus_on_step() {
    request_animation_frame(|| dom::focus("main h1"));
}
