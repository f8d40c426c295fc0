use serde_json::Value;

use super::{Changer, SecurityError};
use crate::audit::AuditAction;
use crate::authenticator::{Authenticator, AuthenticatorId, MOST_AUTHENTICATORS, name};
use crate::entropy::new_id;
use crate::outbox::SecurityChange;
use crate::passkey::{
    Enrolment, Holder, Passkey, PasskeyChallenge, PasskeySite, Purpose, Refusal, begin_enrolment,
};
use crate::store::StoreError;
use crate::throttle::Blocked;
use crate::use_cases::passkey_sign_in::given_out;
use crate::use_cases::{Tools, tries};

/// A passkey that a device made.
pub struct NewPasskey<'a> {
    /// What the browser gave, as JSON.
    pub answer: &'a str,
    pub name: &'a str,
}

/// A challenge to make a key by, for this session alone: `PublicKeyCredentialCreationOptionsJSON`.
///
/// # Errors
/// [`SecurityError::ProofRequired`]; [`SecurityError::NotOffered`] where the portal takes no passkeys of this person;
/// [`SecurityError::TooMany`], before a device makes one in vain.
pub async fn begin_passkey(tools: &Tools, changer: Changer<'_>) -> Result<Value, SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let account = &changer.session.account;
    let site = site(changer)?;
    let held = tools.store.factors(account.id).await?.authenticators;
    if held.len() >= MOST_AUTHENTICATORS {
        return Err(SecurityError::TooMany);
    }
    let keys: Vec<Passkey> = held.iter().filter_map(Passkey::of).collect();
    let holder = Holder { account, keys: &keys };
    let begun = begin_enrolment(&site, holder).map_err(SecurityError::WrongPasskey)?;
    let session = Some(changer.session.session.token);
    let (challenge, options) =
        PasskeyChallenge::new(begun, &changer.portal.name, Purpose::Enrolment, session, now);
    let mut unit = tools.store.begin().await?;
    let keys = given_out(Purpose::Enrolment, changer.portal, changer.address);
    let given = tries::reserve(unit.as_mut(), &keys, now).await?;
    if given.is_ok() {
        unit.insert_passkey_challenge(&challenge).await?;
    }
    unit.commit().await?;
    match given {
        Ok(_) => Ok(options),
        Err(Blocked { retry_after }) => Err(SecurityError::TooOften { retry_after }),
    }
}

/// Adds the key that a device made. Whether a second factor is asked for at each sign-in stays as it is: a passkey is there to
/// sign in without password too, on the devices that hold it.
///
/// # Errors
/// [`SecurityError::EnrolmentSpent`] when the challenge was used or is too old, or the key is in use already;
/// [`SecurityError::WrongPasskey`] for an answer to something else.
pub async fn add_passkey(
    tools: &Tools,
    changer: Changer<'_>,
    new: &NewPasskey<'_>,
) -> Result<Authenticator, SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let site = site(changer)?;
    let name = name(new.name).ok_or(SecurityError::BadName)?;
    let answer = Enrolment::read(new.answer).map_err(SecurityError::WrongPasskey)?;
    let challenge = answer.challenge().map_err(SecurityError::WrongPasskey)?;
    // By itself, before the account is locked: the locks' order.
    let mut unit = tools.store.begin().await?;
    let given = unit
        .take_passkey_challenge(challenge.key(&changer.portal.name))
        .await?;
    unit.commit().await?;
    let session = Some(changer.session.session.token);
    let given = given.filter(|given| given.is_for(Purpose::Enrolment, session, now));
    let given = given.ok_or(SecurityError::EnrolmentSpent)?;
    let key = answer
        .finish(&site, &given.state)
        .map_err(|refusal| match refusal {
            Refusal::TooLate => SecurityError::EnrolmentSpent,
            refusal => SecurityError::WrongPasskey(refusal),
        })?;
    let (mut unit, account) = changer.begin(tools).await?;
    if !changer.portal.second_factor.passkeys.covers(&account.record) {
        return Err(SecurityError::NotOffered);
    }
    if unit.factors(account.id).await?.authenticators.len() >= MOST_AUTHENTICATORS {
        return Err(SecurityError::TooMany);
    }
    let added = Authenticator {
        id: AuthenticatorId(new_id(tools.entropy.as_ref(), now)),
        account: account.id,
        name: name.clone(),
        created_at: now,
        last_used_at: None,
        means: key.means(),
    };
    match unit.insert_authenticator(&added).await {
        Err(StoreError::Conflict) => return Err(SecurityError::EnrolmentSpent),
        other => other?,
    }
    let told = (
        AuditAction::FactorAdded,
        "passkey",
        SecurityChange::PasskeyAdded { name },
    );
    changer.finish(tools, unit, &account, told, now).await?;
    Ok(added)
}

fn site(changer: Changer<'_>) -> Result<PasskeySite, SecurityError> {
    let taken = changer
        .portal
        .second_factor
        .passkeys
        .covers(&changer.session.account.record);
    PasskeySite::at(&changer.portal.public_url)
        .filter(|_| taken)
        .ok_or(SecurityError::NotOffered)
}
