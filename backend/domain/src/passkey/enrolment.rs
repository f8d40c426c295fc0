use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::register::error::CreationOptionsErr;
use webauthn_rp::request::register::{
    CoseAlgorithmIdentifier, CoseAlgorithmIdentifiers, CredProtect, Nickname,
    PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity, RegistrationVerificationOptions,
    USER_HANDLE_MAX_LEN, Username,
};
use webauthn_rp::request::{ExtensionInfo, TimedCeremony as _};
use webauthn_rp::response::register::error::RegCeremonyErr;
use webauthn_rp::{Registration, RegistrationServerState};

use super::{Begun, ChallengeName, Passkey, PasskeySite, Refusal, TIMEOUT, encoded, handle};
use crate::account::Account;

/// Whose key it will be, as their device shows it.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    pub account: &'a Account,
    /// Theirs already: the same device makes no second one.
    pub keys: &'a [Passkey],
}

/// Begins to add a key: found without an identifier, its person verified, its maker not asked for.
pub fn begin_enrolment(site: &PasskeySite, holder: Holder<'_>) -> Result<Begun, Refusal> {
    let handle = handle(holder.account.id);
    let identifier = holder.account.record.identifier.to_string();
    let shown = holder.account.record.display_name();
    let user = PublicKeyCredentialUserEntity {
        // What the agency's identifiers may hold and RFC 8265 refuses is left out: it is shown by the device, no more.
        name: Username::try_from(identifier.as_str())
            .or_else(|_| Username::try_from(site.id.as_ref()))
            .map_err(|_| Refusal::Unsuitable)?,
        id: &handle,
        display_name: Nickname::try_from(shown.as_str()).ok(),
    };
    let known = holder.keys.iter().filter_map(Passkey::descriptor).collect();
    let mut options = PublicKeyCredentialCreationOptions::passkey(&site.id, user, known);
    options.timeout = TIMEOUT;
    options.pub_key_cred_params = CoseAlgorithmIdentifiers::default().remove(CoseAlgorithmIdentifier::Es384);
    // Asked for, not forced: devices that don't know the extension verify their person all the same.
    options.extensions.cred_protect =
        CredProtect::UserVerificationRequired(ExtensionInfo::AllowDontEnforceValue);
    let unsuitable = |_: CreationOptionsErr| Refusal::Unsuitable;
    let (state, browsers) = options.start_ceremony().map_err(unsuitable)?;
    Ok(Begun {
        challenge: ChallengeName(state.sent_challenge().0),
        options: serde_json::to_value(browsers).map_err(|_| Refusal::Unsuitable)?,
        state: state.encode().map_err(|_| Refusal::Unsuitable)?,
    })
}

/// A browser's answer to [`begin_enrolment`].
pub struct Enrolment(Registration);

impl Enrolment {
    /// Reads `RegistrationResponseJSON`.
    pub fn read(json: &str) -> Result<Self, Refusal> {
        let answer = Registration::from_json_relaxed(json.as_bytes());
        answer.map(Self).map_err(|_| Refusal::Unreadable)
    }

    pub fn challenge(&self) -> Result<ChallengeName, Refusal> {
        let sent = self.0.challenge_relaxed().map_err(|_| Refusal::Unreadable)?;
        Ok(ChallengeName(sent.0))
    }

    /// The key, if the answer is one to the ceremony of `state`.
    pub fn finish(&self, site: &PasskeySite, state: &[u8]) -> Result<Passkey, Refusal> {
        let state =
            RegistrationServerState::<USER_HANDLE_MAX_LEN>::decode(state).map_err(|_| Refusal::Challenge)?;
        let rules = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &[site.origin.as_str()],
            // Some browsers tell more of the key than was asked.
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let made = state
            .verify(&site.id, &self.0, &rules)
            .map_err(|error| refusal(&error))?;
        Ok(Passkey {
            credential: made.id().as_ref().to_vec(),
            transports: encoded(&made.transports()),
            fixed: encoded(&made.static_state()),
            moving: encoded(&made.dynamic_state()),
        })
    }
}

fn refusal(error: &RegCeremonyErr) -> Refusal {
    match error {
        RegCeremonyErr::Timeout => Refusal::TooLate,
        RegCeremonyErr::OriginMismatch | RegCeremonyErr::CrossOrigin | RegCeremonyErr::TopOriginMismatch => {
            Refusal::Origin
        }
        RegCeremonyErr::ChallengeMismatch => Refusal::Challenge,
        RegCeremonyErr::RpIdHashMismatch => Refusal::Site,
        RegCeremonyErr::UserNotVerified | RegCeremonyErr::UserNotPresent => Refusal::NotVerified,
        RegCeremonyErr::AttestationSignature => Refusal::Signature,
        RegCeremonyErr::PublicKeyAlgorithmMismatch | RegCeremonyErr::Credential(_) => Refusal::Unsuitable,
        _ => Refusal::Unreadable,
    }
}
