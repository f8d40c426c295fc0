//! Who is signed in proves anew who they are, before what opens the account is changed: the password first, then a second factor,
//! even where the sign-in asked for none. A password that was looked over a shoulder must not be enough to change the locks.

use portique_shared::Language;

use super::Tools;
use super::second_step::SecondStep;
use super::sign_in::{SignIn, SignInError, SignInOutcome, sign_in};
use crate::account::AccountId;
use crate::password::Password;
use crate::portal::{Portal, PortalName};
use crate::second_step::StepToken;
use crate::session::{SessionOf, Visitor};
use crate::throttle::{ThrottleKey, ThrottleKind};

pub struct Prove<'a> {
    pub portal: &'a Portal,
    pub session: &'a SessionOf,
    pub password: &'a Password,
    pub language: Language,
    pub visitor: Visitor,
}

/// Takes the password of the session's person; what follows is the second step of a sign-in ([`super::second_step`]).
///
/// # Errors
/// As a sign-in's. Wrong passwords are counted with those of changes of password, not of sign-ins: strangers keep nobody from
/// proving who they are, and a thief of the session guesses no more often than at the door.
pub async fn prove(tools: &Tools, request: &Prove<'_>) -> Result<(StepToken, Box<SecondStep>), SignInError> {
    let first = SignIn {
        portal: request.portal,
        identifier: request.session.account.record.identifier.as_str(),
        password: request.password,
        strong: true,
        proof_of: Some(request.session),
        language: request.language,
        visitor: request.visitor,
        remembered: None,
        replaces: None,
    };
    match sign_in(tools, &first).await? {
        SignInOutcome::SecondStep { token, step } => Ok((token, step)),
        // Whoever asks for a second step gets one.
        SignInOutcome::SignedIn(_) => Err(SignInError::Refused),
    }
}

/// What wrong passwords typed in the sessions of one account are counted by.
pub(super) fn own_passwords_of(portal: &PortalName, account: AccountId) -> ThrottleKey {
    ThrottleKey::text(ThrottleKind::OwnPassword, portal, &account.0.to_string())
}
