use serde_json::Value;

use super::enter::Entry;
use super::{Comer, SecondStep, SecondStepError, look};
use crate::account::Account;
use crate::authenticator::Authenticator;
use crate::passkey::{
    Assertion, Passkey, PasskeyChallenge, PasskeySite, Purpose, Refusal, begin_second_step,
};
use crate::store::UnitOfWork;
use crate::throttle::Blocked;
use crate::use_cases::passkey_sign_in::given_out;
use crate::use_cases::sign_in::SignedIn;
use crate::use_cases::{Tools, tries};

const FACTOR: &str = "passkey";

/// A challenge for one of the person's passkeys, for this sign-in alone: `PublicKeyCredentialRequestOptionsJSON`.
///
/// # Errors
/// [`SecondStepError::NoSuchMethod`] where the person has none, or the portal does not take theirs;
/// [`SecondStepError::TooOften`] by the limit of the address.
pub async fn ask_passkey(tools: &Tools, comer: Comer<'_>) -> Result<Value, SecondStepError> {
    let now = tools.clock.now();
    let found = look(tools, comer.portal, comer.token).await?;
    let SecondStep { account, methods, .. } = found.ok_or(SecondStepError::Ended)?;
    let site = PasskeySite::at(&comer.portal.public_url).filter(|_| methods.passkey);
    let site = site.ok_or(SecondStepError::NoSuchMethod)?;
    let held = tools.store.factors(account.id).await?;
    let keys: Vec<Passkey> = held.authenticators.iter().filter_map(Passkey::of).collect();
    let begun = begin_second_step(&site, &keys).map_err(|_| SecondStepError::NoSuchMethod)?;
    let holder = Some(comer.token.hash());
    let (challenge, options) =
        PasskeyChallenge::new(begun, &comer.portal.name, Purpose::SecondStep, holder, now);
    let mut unit = tools.store.begin().await?;
    let keys = given_out(Purpose::SecondStep, comer.portal, comer.visitor.address);
    let given = tries::reserve(unit.as_mut(), &keys, now).await?;
    if given.is_ok() {
        unit.insert_passkey_challenge(&challenge).await?;
    }
    unit.commit().await?;
    match given {
        Ok(_) => Ok(options),
        Err(Blocked { retry_after }) => Err(SecondStepError::TooOften { retry_after }),
    }
}

/// Takes a signature by one of the account's passkeys. Its challenge is used up, right or wrong.
pub(super) async fn verify(entry: Entry<'_>, answer: &str) -> Result<SignedIn, SecondStepError> {
    let answer = Assertion::read_second_step(answer).map_err(SecondStepError::WrongPasskey)?;
    let name = answer.challenge().map_err(SecondStepError::WrongPasskey)?;
    let mut unit = entry.tools.store.begin().await?;
    let counted = entry.count(unit.as_mut()).await?;
    // Burnt even by who is sent away: else it could be tried again once the delay is over.
    let key = name.key(&entry.comer.portal.name);
    let challenge = unit.take_passkey_challenge(key).await?;
    if let Err(blocked) = counted {
        return entry.send_away(unit, FACTOR, blocked).await;
    }
    let (pending, account) = entry.lock(unit.as_mut()).await?.ok_or(SecondStepError::Ended)?;
    let challenge =
        challenge.filter(|given| given.is_for(Purpose::SecondStep, Some(pending.token), entry.now));
    match judge(entry, unit.as_mut(), &account, &answer, challenge).await? {
        Ok(used) => {
            unit.save_authenticator(&used).await?;
            entry.open(unit, &pending, account, FACTOR).await
        }
        Err(refusal) => {
            unit.audit(&[entry.told(FACTOR, refusal.audited())]).await?;
            unit.commit().await?;
            Err(SecondStepError::WrongPasskey(refusal))
        }
    }
}

/// The authenticator as it is after this use.
async fn judge(
    entry: Entry<'_>,
    unit: &mut dyn UnitOfWork,
    account: &Account,
    answer: &Assertion,
    challenge: Option<PasskeyChallenge>,
) -> Result<Result<Authenticator, Refusal>, SecondStepError> {
    let Some(challenge) = challenge else {
        return Ok(Err(Refusal::Challenge));
    };
    let held = unit.factors(account.id).await?.authenticators;
    Ok(answer.used(&entry.comer.portal.public_url, &challenge, held, entry.now))
}
