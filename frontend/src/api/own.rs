//! What people keep in order of their own: what opens their account, their sessions, their contacts.

use gloo_net::http::Request;
use portique_shared::api::contacts::{
    ConfirmContactRequest, ContactKind, ContactsRequest, ContactsView, SendContactCodeRequest,
};
use portique_shared::api::own_sessions::{OwnBrowser, OwnSession};
use portique_shared::api::paths;
use portique_shared::api::second_step::SecondStepView;
use portique_shared::api::security::{
    AddAppRequest, AppEnrolmentView, ProofRequest, RecoveryCodesMade, SecondFactorRequest, SecurityView,
};

use super::{Answer, Nothing, Outcome, answered, patient, read, submit, write};

/// Proves anew who is signed in; the second step follows.
pub async fn prove(password: String) -> Outcome<SecondStepView> {
    submit(Request::post(paths::SESSION_PROOF), &ProofRequest { password }).await
}

/// What opens the account.
pub async fn security() -> Answer<SecurityView> {
    read(Request::get(paths::SECURITY)).await
}

pub async fn want_second_factor(wanted: bool) -> Answer<SecurityView> {
    write(
        Request::put(paths::SECOND_FACTOR),
        &SecondFactorRequest { wanted },
    )
    .await
}

pub async fn begin_app() -> Answer<AppEnrolmentView> {
    write(Request::post(paths::APP_ENROLMENT), &Nothing {}).await
}

pub async fn add_app(request: &AddAppRequest) -> Outcome<SecurityView> {
    submit(Request::post(paths::APPS), request).await
}

/// `id`: as the server lists it.
pub async fn remove_authenticator(id: &str) -> Answer<SecurityView> {
    read(Request::delete(&[paths::AUTHENTICATORS, "/", id].concat())).await
}

pub async fn make_recovery_codes() -> Answer<RecoveryCodesMade> {
    write(Request::post(paths::RECOVERY_CODES), &Nothing {}).await
}

/// Where the person is signed in.
pub async fn own_sessions() -> Answer<Vec<OwnSession>> {
    read(Request::get(paths::OWN_SESSIONS)).await
}

/// Ends one of them.
pub async fn end_session(id: &str) -> Answer<()> {
    let path = [paths::OWN_SESSIONS, "/", id].concat();
    answered(patient(Request::delete(&path)).build()).await.map(drop)
}

/// Ends all of them but this one.
pub async fn end_other_sessions() -> Answer<()> {
    answered(patient(Request::delete(paths::OWN_SESSIONS)).build())
        .await
        .map(drop)
}

/// The browsers that stand in for the person's second step.
pub async fn own_browsers() -> Answer<Vec<OwnBrowser>> {
    read(Request::get(paths::OWN_BROWSERS)).await
}

/// Has one of them forgotten.
pub async fn forget_browser(id: &str) -> Answer<()> {
    let path = [paths::OWN_BROWSERS, "/", id].concat();
    answered(patient(Request::delete(&path)).build()).await.map(drop)
}

/// The rescue address and telephone, and what waits for its code.
pub async fn contacts() -> Answer<ContactsView> {
    read(Request::get(paths::CONTACTS)).await
}

pub async fn update_contacts(request: &ContactsRequest) -> Outcome<ContactsView> {
    submit(Request::put(paths::CONTACTS), request).await
}

pub async fn send_contact_code(kind: ContactKind) -> Answer<ContactsView> {
    let request = SendContactCodeRequest { kind };
    write(Request::post(paths::CONTACTS_SENDING), &request).await
}

pub async fn confirm_contact(request: &ConfirmContactRequest) -> Outcome<ContactsView> {
    submit(Request::post(paths::CONTACTS_CONFIRMATION), request).await
}

/// Gives up what waits for its code.
pub async fn give_up_contacts() -> Answer<ContactsView> {
    read(Request::delete(paths::CONTACTS)).await
}
