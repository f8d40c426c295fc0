//! The only place that speaks HTTP: one function for each thing asked of the server, with typed answers.

mod card;
mod own;

use gloo_net::http::{Request, RequestBuilder};
use portique_shared::api::account::{
    AccountView, ChangePasswordRequest, CheckPasswordRequest, PasswordVerdict,
};
use portique_shared::api::account_request::{AccountRequest, RequestConfirmed};
use portique_shared::api::captcha::{PictureChallenge, ProofChallenge};
use portique_shared::api::page::{PageView, ServiceView};
use portique_shared::api::paths;
use portique_shared::api::problem::{ErrorCode, FieldProblem, Problem};
use portique_shared::api::recovery::{
    CheckNewPasswordRequest, LinkRequest, LinkView, RecoveryRequest, RequestTaken, ResendRequest,
    ResetPasswordRequest,
};
use portique_shared::api::second_step::{
    CodeFactor, CodeRequest, Destination, SecondStepView, SendCodeRequest,
};
use portique_shared::api::security::SecurityView;
use portique_shared::api::session::{SessionState, SignInRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web_sys::AbortSignal;

pub use self::card::{CardPurpose, CardRefusal, answer_card, begin_card, detach_card};
pub use self::own::{
    add_app, begin_app, confirm_contact, contacts, end_other_sessions, end_session, forget_browser,
    give_up_contacts, make_recovery_codes, own_browsers, own_sessions, prove, remove_authenticator, security,
    send_contact_code, update_contacts, want_second_factor,
};

/// How long an answer may take, in milliseconds: beyond it the person is told rather than left waiting. A sign-in
/// that waits for its turn to be hashed stays well below.
const PATIENCE_MS: u32 = 20_000;

/// Why a request brought no answer of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, or one that is not Portique's: no network, the server down, something between.
    Unreachable,
    /// The server's own word.
    Refused(Refusal),
}

impl Failure {
    /// Seconds before another try has a chance; 0 when the server asks for no wait.
    pub fn retry_after(&self) -> u32 {
        match self {
            Self::Refused(refusal) => refusal.retry_after.unwrap_or(0),
            Self::Unreachable => 0,
        }
    }
}

/// What the client needs of a [`Problem`]; why a field was refused is read only where a form can mend it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Refusal {
    pub code: ErrorCode,
    pub request_id: String,
    pub retry_after: Option<u32>,
    #[serde(default)]
    pub fields: Vec<RefusedField>,
}

/// A field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RefusedField {
    /// Its name in the request.
    pub field: String,
}

pub type Answer<T> = Result<T, Failure>;

/// What becomes of a form that was sent.
pub enum Outcome<T> {
    Done(T),
    /// Fields that the server refuses.
    Invalid(Vec<FieldProblem>),
    Failed(Failure),
}

/// `{}`: the API takes JSON alone, and here nothing is told.
#[derive(Serialize)]
struct Nothing {}

/// What the sign-in page needs of a [`SessionState`] and of the answer to a sign-in.
#[derive(Deserialize)]
struct Status {
    status: String,
}

/// Whether the browser holds a session.
pub async fn is_signed_in() -> Answer<bool> {
    let status: Status = read(Request::get(paths::SESSION)).await?;
    Ok(status.status == "signed_in")
}

pub async fn session() -> Answer<SessionState> {
    read(Request::get(paths::SESSION)).await
}

/// How far a sign-in with the right password, or with a card, has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    SignedIn,
    SecondStep,
}

/// Of the answer only what the sign-in page needs: the rest is the next page's to ask for.
pub async fn sign_in(request: &SignInRequest) -> Answer<Entered> {
    let Status { status } = write(Request::post(paths::SESSION), request).await?;
    Ok(if status == "second_step" {
        Entered::SecondStep
    } else {
        Entered::SignedIn
    })
}

/// How far the sign-in that waits in this browser has come.
pub async fn second_step() -> Answer<SecondStepView> {
    read(Request::get(paths::SECOND_STEP)).await
}

/// Sends a code, or another one.
pub async fn send_code(to: Destination) -> Answer<SecondStepView> {
    write(Request::post(paths::SECOND_STEP_SENDING), &SendCodeRequest { to }).await
}

/// Types the code in. `remember`: whether this browser is to stand in for the next one.
pub async fn enter_code(code: String, factor: CodeFactor, remember: bool) -> Outcome<()> {
    let body = CodeRequest {
        code,
        factor,
        remember,
    };
    let request = patient(Request::post(paths::SECOND_STEP)).json(&body);
    outcome(request, |_| Ok(())).await
}

/// What the browser's dialog for a sign-in without password is opened with, as its own parser reads it.
pub async fn passkey_sign_in_options() -> Answer<String> {
    answered(patient(Request::post(paths::PASSKEY_SIGN_IN_OPTIONS)).json(&Nothing {})).await
}

/// `credential`: what the dialog gave, as JSON.
pub async fn sign_in_with_passkey(credential: &str) -> Answer<()> {
    let body = ["{\"credential\":", credential, "}"].concat();
    answered(json(Request::post(paths::PASSKEY_SIGN_IN), body))
        .await
        .map(drop)
}

/// The same at the second step.
pub async fn passkey_second_step_options() -> Answer<String> {
    answered(patient(Request::post(paths::PASSKEY_SECOND_STEP_OPTIONS)).json(&Nothing {})).await
}

pub async fn enter_passkey(credential: &str) -> Answer<()> {
    let body = ["{\"credential\":", credential, "}"].concat();
    answered(json(Request::post(paths::PASSKEY_SECOND_STEP), body))
        .await
        .map(drop)
}

/// What the browser's dialog is opened with that has a device make a key.
pub async fn passkey_options() -> Answer<String> {
    answered(patient(Request::post(paths::PASSKEY_OPTIONS)).json(&Nothing {})).await
}

/// `credential`: what the dialog gave, as JSON.
pub async fn add_passkey(credential: &str, name: &str) -> Outcome<SecurityView> {
    // A text always serialises.
    let name = serde_json::to_string(name).unwrap_or_default();
    let body = ["{\"credential\":", credential, ",\"name\":", &name, "}"].concat();
    outcome(json(Request::post(paths::PASSKEYS), body), parse).await
}

/// Gives the sign-in up.
pub async fn give_up_second_step() -> Answer<()> {
    answered(patient(Request::delete(paths::SECOND_STEP)).build())
        .await
        .map(drop)
}

pub async fn sign_out() -> Answer<()> {
    let request = patient(Request::delete(paths::SESSION)).build();
    answered(request).await.map(drop)
}

/// Restarts the idle time.
pub async fn extend_session() -> Answer<SessionState> {
    read(Request::post(paths::SESSION_EXTENSION)).await
}

pub async fn account() -> Answer<AccountView> {
    read(Request::get(paths::ACCOUNT)).await
}

pub async fn services() -> Answer<Vec<ServiceView>> {
    read(Request::get(paths::SERVICES)).await
}

/// `slug`: of a page that the portal lists.
pub async fn page(slug: &str) -> Answer<PageView> {
    read(Request::get(&[paths::PAGES, "/", slug].concat())).await
}

pub async fn change_password(request: &ChangePasswordRequest) -> Outcome<SessionState> {
    submit(Request::put(paths::PASSWORD), request).await
}

pub async fn check_password(request: &CheckPasswordRequest) -> Answer<PasswordVerdict> {
    write(Request::post(paths::PASSWORD_CHECK), request).await
}

pub async fn captcha_picture() -> Answer<PictureChallenge> {
    write(Request::post(paths::CAPTCHA_PICTURE), &Nothing {}).await
}

pub async fn captcha_proof() -> Answer<ProofChallenge> {
    write(Request::post(paths::CAPTCHA_PROOF), &Nothing {}).await
}

/// `path`: one of [`paths`] that takes a [`RecoveryRequest`].
pub async fn ask_recovery(path: &str, request: &RecoveryRequest) -> Outcome<RequestTaken> {
    submit(Request::post(path), request).await
}

/// The same once more; each reference does it once.
pub async fn resend(reference: String) -> Answer<RequestTaken> {
    write(
        Request::post(paths::RECOVERY_RESEND),
        &ResendRequest { reference },
    )
    .await
}

/// Looks where a link stands; consumes nothing.
pub async fn link(token: String) -> Answer<LinkView> {
    write(Request::post(paths::LINK), &LinkRequest { token }).await
}

/// Sets a new password by a link.
pub async fn reset_password(request: &ResetPasswordRequest) -> Outcome<()> {
    let request = patient(Request::put(paths::LINK_PASSWORD)).json(request);
    outcome(request, |_| Ok(())).await
}

pub async fn check_new_password(request: &CheckNewPasswordRequest) -> Answer<PasswordVerdict> {
    write(Request::post(paths::LINK_PASSWORD_CHECK), request).await
}

pub async fn ask_account(request: &AccountRequest) -> Outcome<RequestTaken> {
    submit(Request::post(paths::ACCOUNT_REQUESTS), request).await
}

/// Proves the address of who asked for an account, and consumes the link.
pub async fn confirm_account_request(token: String) -> Answer<RequestConfirmed> {
    let request = Request::post(paths::ACCOUNT_REQUEST_CONFIRMATION);
    write(request, &LinkRequest { token }).await
}

fn patient(request: RequestBuilder) -> RequestBuilder {
    request.abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)))
}

/// A request with a body that is JSON already.
fn json(request: RequestBuilder, body: String) -> Result<Request, gloo_net::Error> {
    patient(request)
        .header("content-type", "application/json")
        .body(body)
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Answer<T> {
    parse(&answered(patient(request).build()).await?)
}

async fn write<T: DeserializeOwned>(request: RequestBuilder, body: &impl Serialize) -> Answer<T> {
    parse(&answered(patient(request).json(body)).await?)
}

/// Sends a form.
async fn submit<T: DeserializeOwned>(request: RequestBuilder, form: &impl Serialize) -> Outcome<T> {
    outcome(patient(request).json(form), parse).await
}

/// What becomes of a form, `done` reading the text of a success.
async fn outcome<T>(request: Result<Request, gloo_net::Error>, done: fn(&str) -> Answer<T>) -> Outcome<T> {
    let Ok((ok, text)) = exchanged(request).await else {
        return Outcome::Failed(Failure::Unreachable);
    };
    if ok {
        return done(&text).map_or_else(Outcome::Failed, Outcome::Done);
    }
    match parse::<Problem>(&text) {
        Ok(problem) if problem.code == ErrorCode::ValidationFailed => Outcome::Invalid(problem.fields),
        _ => Outcome::Failed(refusal(&text)),
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|_| Failure::Unreachable)
}

/// One exchange; the text of a success.
async fn answered(request: Result<Request, gloo_net::Error>) -> Answer<String> {
    match exchanged(request).await {
        Ok((true, text)) => Ok(text),
        Ok((false, text)) => Err(refusal(&text)),
        Err(_) => Err(Failure::Unreachable),
    }
}

/// One exchange: whether it succeeded, and its text.
async fn exchanged(request: Result<Request, gloo_net::Error>) -> Result<(bool, String), gloo_net::Error> {
    let response = request?.send().await?;
    let text = response.text().await?;
    Ok((response.ok(), text))
}

fn refusal(text: &str) -> Failure {
    parse(text).map_or(Failure::Unreachable, Failure::Refused)
}
