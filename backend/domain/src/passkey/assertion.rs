use jiff::Timestamp;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::error::RequestOptionsErr;
use webauthn_rp::request::auth::{
    AllowedCredential, AllowedCredentials, AuthenticationVerificationOptions, SignatureCounterEnforcement,
};
use webauthn_rp::request::register::USER_HANDLE_MAX_LEN;
use webauthn_rp::request::{BackupReq, Credentials as _, TimedCeremony as _, UserVerificationRequirement};
use webauthn_rp::response::auth::error::{AuthCeremonyErr, AuthenticatorDataErr};
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::response::{Backup, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, NonDiscoverableAuthentication64,
    NonDiscoverableAuthenticationServerState, NonDiscoverableCredentialRequestOptions,
};

use super::{
    Begun, ChallengeName, Passkey, PasskeyChallenge, PasskeySite, Refusal, TIMEOUT, encoded, handle,
};
use crate::account::AccountId;
use crate::authenticator::Authenticator;

/// Begins a sign-in without password: any key of the site, whoever's it is. Nobody is named.
pub fn begin_sign_in(site: &PasskeySite) -> Result<Begun, Refusal> {
    let mut options = DiscoverableCredentialRequestOptions::passkey(&site.id);
    options.0.timeout = TIMEOUT;
    let unsuitable = |_: RequestOptionsErr| Refusal::Unsuitable;
    let (state, browsers) = options.start_ceremony().map_err(unsuitable)?;
    Ok(Begun {
        challenge: ChallengeName(state.sent_challenge().0),
        options: serde_json::to_value(browsers).map_err(|_| Refusal::Unsuitable)?,
        state: state.encode().map_err(|_| Refusal::Unsuitable)?,
    })
}

/// Begins a second step: one of these keys, to which the device must verify its person again.
///
/// # Errors
/// [`Refusal::UnknownKey`] without a key.
pub fn begin_second_step(site: &PasskeySite, keys: &[Passkey]) -> Result<Begun, Refusal> {
    let mut allowed = AllowedCredentials::with_capacity(keys.len());
    for key in keys.iter().filter_map(Passkey::descriptor) {
        allowed.push(AllowedCredential::from(key));
    }
    let mut options = NonDiscoverableCredentialRequestOptions::second_factor(&site.id, allowed)
        .map_err(|_| Refusal::UnknownKey)?;
    options.options().user_verification = UserVerificationRequirement::Required;
    options.options().timeout = TIMEOUT;
    let unsuitable = |_: RequestOptionsErr| Refusal::Unsuitable;
    let (state, browsers) = options.start_ceremony().map_err(unsuitable)?;
    Ok(Begun {
        challenge: ChallengeName(state.sent_challenge().0),
        options: serde_json::to_value(browsers).map_err(|_| Refusal::Unsuitable)?,
        state: state.encode().map_err(|_| Refusal::Unsuitable)?,
    })
}

/// A browser's answer to [`begin_sign_in`] or [`begin_second_step`].
pub enum Assertion {
    SignIn(DiscoverableAuthentication64),
    SecondStep(NonDiscoverableAuthentication64),
}

impl Assertion {
    /// Reads `AuthenticationResponseJSON` of a sign-in: it must say whose key it is.
    pub fn read_sign_in(json: &str) -> Result<Self, Refusal> {
        let answer = DiscoverableAuthentication64::from_json_relaxed(json.as_bytes());
        answer.map(Self::SignIn).map_err(|_| Refusal::Unreadable)
    }

    /// Reads `AuthenticationResponseJSON` of a second step.
    pub fn read_second_step(json: &str) -> Result<Self, Refusal> {
        let answer = NonDiscoverableAuthentication64::from_json_relaxed(json.as_bytes());
        answer.map(Self::SecondStep).map_err(|_| Refusal::Unreadable)
    }

    pub fn challenge(&self) -> Result<ChallengeName, Refusal> {
        let sent = match self {
            Self::SignIn(answer) => answer.challenge_relaxed(),
            Self::SecondStep(answer) => answer.challenge_relaxed(),
        };
        Ok(ChallengeName(sent.map_err(|_| Refusal::Unreadable)?.0))
    }

    /// The key that it says to be signed with.
    pub fn credential(&self) -> &[u8] {
        match self {
            Self::SignIn(answer) => answer.raw_id().into_inner(),
            Self::SecondStep(answer) => answer.raw_id().into_inner(),
        }
    }

    /// Judges the answer by the one of `held` that it says to be signed with: gives that one as it is after this use.
    pub fn used(
        &self,
        public_url: &str,
        challenge: &PasskeyChallenge,
        held: Vec<Authenticator>,
        now: Timestamp,
    ) -> Result<Authenticator, Refusal> {
        let site = PasskeySite::at(public_url).ok_or(Refusal::Site)?;
        let (held, key) = held
            .into_iter()
            .find_map(|held| {
                let key = Passkey::of(&held)?;
                (key.credential == self.credential()).then_some((held, key))
            })
            .ok_or(Refusal::UnknownKey)?;
        let used = self.finish(&site, &challenge.state, held.account, &key)?;
        Ok(Authenticator {
            last_used_at: Some(now),
            means: used.means(),
            ..held
        })
    }

    /// Judges the answer to the ceremony of `state` by `key`, the key of `account`: gives it as it is after this use, which
    /// is to be kept.
    pub fn finish(
        &self,
        site: &PasskeySite,
        state: &[u8],
        account: AccountId,
        key: &Passkey,
    ) -> Result<Passkey, Refusal> {
        let handle = handle(account);
        let fixed = StaticState::decode(key.fixed.as_slice()).map_err(|_| Refusal::UnknownKey)?;
        let moving = DynamicState::decode(key.moving).map_err(|_| Refusal::UnknownKey)?;
        let id = CredentialId::<&[u8]>::decode(key.credential.as_slice()).map_err(|_| Refusal::UnknownKey)?;
        let rules = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &[site.origin.as_str()],
            // Whether a key can be copied never changes; whether it is, may.
            backup_requirement: Some(match moving.backup {
                Backup::NotEligible => BackupReq::NotEligible,
                Backup::Eligible | Backup::Exists => BackupReq::Eligible,
            }),
            error_on_unsolicited_extensions: false,
            sig_counter_enforcement: SignatureCounterEnforcement::Fail,
            ..AuthenticationVerificationOptions::default()
        };
        let mut used = AuthenticatedCredential::<USER_HANDLE_MAX_LEN, _>::new(id, &handle, fixed, moving)
            .map_err(|_| Refusal::UnknownKey)?;
        match self {
            Self::SignIn(answer) => DiscoverableAuthenticationServerState::decode(state)
                .map_err(|_| Refusal::Challenge)?
                .verify(&site.id, answer, &mut used, &rules),
            Self::SecondStep(answer) => NonDiscoverableAuthenticationServerState::decode(state)
                .map_err(|_| Refusal::Challenge)?
                .verify(&site.id, answer, &mut used, &rules),
        }
        .map_err(|error| refusal(&error))?;
        Ok(Passkey {
            moving: encoded(&used.dynamic_state()),
            ..key.clone()
        })
    }
}

fn refusal(error: &AuthCeremonyErr) -> Refusal {
    match error {
        AuthCeremonyErr::Timeout => Refusal::TooLate,
        AuthCeremonyErr::OriginMismatch
        | AuthCeremonyErr::CrossOrigin
        | AuthCeremonyErr::TopOriginMismatch => Refusal::Origin,
        AuthCeremonyErr::ChallengeMismatch => Refusal::Challenge,
        AuthCeremonyErr::RpIdHashMismatch => Refusal::Site,
        AuthCeremonyErr::UserNotVerified
        | AuthCeremonyErr::AuthenticatorData(AuthenticatorDataErr::UserNotPresent) => Refusal::NotVerified,
        AuthCeremonyErr::UserHandleMismatch
        | AuthCeremonyErr::CredentialIdMismatch
        | AuthCeremonyErr::NoMatchingAllowedCredential
        | AuthCeremonyErr::MissingUserHandle => Refusal::UnknownKey,
        AuthCeremonyErr::AssertionSignature | AuthCeremonyErr::PubKey(_) => Refusal::Signature,
        AuthCeremonyErr::SignatureCounter => Refusal::CounterWentBack,
        AuthCeremonyErr::BackupEligible
        | AuthCeremonyErr::BackupNotEligible
        | AuthCeremonyErr::Credential(_) => Refusal::Unsuitable,
        _ => Refusal::Unreadable,
    }
}
