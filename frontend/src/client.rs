//! The bundle of every screen but sign-in: contexts, the frame of each page, and the routes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{FlatRoutes, ProtectedRoute, Route, Router};
use leptos_router::hooks::use_location;
use leptos_router::path;
use portique_shared::api::portal::PortalView;

use crate::card_visit;
use crate::components::{Alert, Footer, Header, SessionWarning, Trouble, UserMenu};
use crate::dom;
use crate::guard::{Access, Guard, instead};
use crate::locales::{Lang, follow_language, shell, t};
use crate::mail_token::MailToken;
use crate::pages::{
    Account, CardAttachment, CardProof, CardSignIn, ChangePassword, ConfirmAccountRequest, FirstConnection,
    Home, LostIdentifier, LostPassword, NewPassword, NotFound, Page, PasskeySignIn, PasswordChanged,
    RecordPage, RequestAccount, SecondStep, SecurityPage, Unreachable,
};
use crate::portal::{Front, Portal};
use crate::session::{Session, use_session, watch};

/// The stylesheet of these screens, in the document's head.
const STYLESHEET_ID: &str = "later-style";

#[component]
pub fn ClientApp(portal: &'static PortalView, lang: Lang) -> impl IntoView {
    let session = Session::new();
    provide_context(Portal(portal));
    // One front for the life of the page, as the portal.
    provide_context(Front(Box::leak(Box::new(portal.into()))));
    provide_context(lang);
    // Before the router reads the address, which then holds no token.
    provide_context(MailToken::from_address());
    card_visit::take_token();
    provide_context(session);
    provide_context(watch(session));
    follow_language();
    spawn_local(session.refresh());
    view! {
        <Router>
            <div class="page">
                <Header person=view! { <UserMenu /> }.into_any() />
                <main id="content" tabindex="-1">
                    <SignOutTrouble />
                    <Screens />
                </main>
                <Footer />
                <SessionWarning />
            </div>
        </Router>
    }
}

/// The table of screens: each address, who may see it, and its view.
#[component]
fn Screens() -> impl IntoView {
    let session = use_session();
    let admits = move |guard: Guard| move || guard.admits(session.access(), session.just_changed.get());
    let elsewhere = move || instead(session.access());
    focus_on_arrival();
    view! {
        <FlatRoutes fallback=|| view! { <NotFound /> }>
            <ProtectedRoute path=path!("/") view=Home
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account") view=Account
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/record") view=RecordPage
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/security") view=SecurityPage
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/security/card/proof") view=CardProof
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/security/card/attach") view=CardAttachment
                condition=admits(Guard::Person) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/password") view=ChangePassword
                condition=admits(Guard::ChangePassword) redirect_path=elsewhere fallback=waiting />
            <ProtectedRoute path=path!("/account/password/changed") view=PasswordChanged
                condition=admits(Guard::JustChanged) redirect_path=elsewhere fallback=waiting />
            // For who is not signed in, or can't be: a session opens and closes nothing of these, whatever it is.
            <Route path=path!("/sign-in/code") view=SecondStep />
            <Route path=path!("/sign-in/card") view=CardSignIn />
            <Route path=path!("/sign-in/passkey") view=PasskeySignIn />
            <Route path=path!("/password/lost") view=LostPassword />
            <Route path=path!("/password/new") view=NewPassword />
            <Route path=path!("/identifier/lost") view=LostIdentifier />
            <Route path=path!("/first-connection") view=FirstConnection />
            <Route path=path!("/account-request") view=RequestAccount />
            <Route path=path!("/account-request/confirm") view=ConfirmAccountRequest />
            <ProtectedRoute path=path!("/pages/:slug") view=Page
                condition=admits(Guard::Public) redirect_path=elsewhere fallback=loading />
            <ProtectedRoute path=path!("/*any") view=NotFound
                condition=admits(Guard::Public) redirect_path=elsewhere fallback=loading />
        </FlatRoutes>
    }
}

/// What stands in the place of a screen until the server says who is here. A stranger leaves for the sign-in
/// page, which comes back here.
fn waiting() -> AnyView {
    let session = use_session();
    Effect::new(move |_| {
        if session.access() == Access::Anonymous {
            session.leave();
        }
    });
    (move || {
        if session.is_unreachable() {
            view! { <Unreachable /> }.into_any()
        } else {
            loading()
        }
    })
    .into_any()
}

/// The same for screens that anybody may see. The router makes what waits although it need not wait, so that a
/// public screen's must not send a stranger away.
fn loading() -> AnyView {
    view! { <p class="loading">{t(|l| shell(l).loading)}</p> }.into_any()
}

/// Takes the focus to each new screen's title, but for the first: the browser's own place is right then.
fn focus_on_arrival() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| dom::focus("main h1"));
        }
        now
    });
}

/// The stylesheet stands as one for print, so that the first paint does not wait for it.
pub fn use_stylesheet() {
    if let Some(link) = dom::document().get_element_by_id(STYLESHEET_ID) {
        // Setting a plain attribute cannot fail.
        let _ = link.set_attribute("media", "all");
    }
}

/// A sign-out that failed is told where every page begins.
#[component]
fn SignOutTrouble() -> impl IntoView {
    let session = use_session();
    let trouble = Trouble::none();
    Effect::new(move |_| match session.trouble.get() {
        Some(failure) => trouble.tell(failure),
        None => trouble.clear(),
    });
    view! { <Alert trouble retry=Callback::new(move |()| spawn_local(session.sign_out())) /> }
}
