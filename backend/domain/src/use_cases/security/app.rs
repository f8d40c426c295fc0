use jiff::{SignedDuration, Timestamp};
use portique_shared::types::OneTimeCode;
use uuid::Uuid;

use super::{Changer, SecurityError};
use crate::audit::AuditAction;
use crate::authenticator::{Authenticator, AuthenticatorId, MOST_AUTHENTICATORS, Means, name, seal_secret};
use crate::entropy::new_id;
use crate::outbox::SecurityChange;
use crate::store::StoreError;
use crate::totp::{SECRET_BYTES, Secret};
use crate::use_cases::Tools;

/// How long an application can be enrolled once its picture was shown.
const ENROLMENT_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// An application about to be enrolled. Nothing is written down until its first code is typed: what has to be known until then
/// goes to the browser and back, sealed.
pub struct AppEnrolment {
    /// The id that the authenticator will have, when the enrolment ends, and the secret: for this account alone.
    pub sealed: Vec<u8>,
    pub secret: Secret,
    /// What the picture says.
    pub address: String,
}

/// An application whose first code was typed.
pub struct NewApp<'a> {
    /// [`AppEnrolment::sealed`], as it came back.
    pub sealed: &'a [u8],
    pub code: &'a OneTimeCode,
    pub name: &'a str,
}

/// Makes the secret that an application will share with us.
///
/// # Errors
/// [`SecurityError::ProofRequired`], and [`SecurityError::NotOffered`] where the portal takes no applications of this person.
pub async fn begin_app(tools: &Tools, changer: Changer<'_>) -> Result<AppEnrolment, SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let account = &changer.session.account;
    if !changer.portal.second_factor.app.covers(&account.record) {
        return Err(SecurityError::NotOffered);
    }
    let entropy = tools.entropy.as_ref();
    let secret = Secret::generate(entropy);
    let id = new_id(entropy, now);
    let ends = (now + ENROLMENT_LIFETIME).as_millisecond();
    let text = [id.as_bytes().as_slice(), &ends.to_be_bytes(), secret.as_bytes()].concat();
    Ok(AppEnrolment {
        sealed: tools.keyring.seal(&purpose(changer), &text, entropy),
        address: secret.address(
            changer.portal.title.get(changer.language),
            account.record.identifier.as_str(),
        ),
        secret,
    })
}

/// Enrols the application, of which the code shows that it has the secret. From then on a second factor is asked for at each
/// sign-in: that is what people enrol one for, and it can be turned off again.
///
/// # Errors
/// [`SecurityError::WrongCode`], with which nothing is lost; [`SecurityError::EnrolmentSpent`] when it must begin anew.
pub async fn add_app(
    tools: &Tools,
    changer: Changer<'_>,
    new: &NewApp<'_>,
) -> Result<Authenticator, SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let name = name(new.name).ok_or(SecurityError::BadName)?;
    let text = tools.keyring.open(&purpose(changer), new.sealed);
    let opened = text.ok().and_then(|text| read(&text));
    let (id, ends, secret) = opened.ok_or(SecurityError::EnrolmentSpent)?;
    if now >= ends {
        return Err(SecurityError::EnrolmentSpent);
    }
    let step = secret.step_of(new.code, now, 0).ok_or(SecurityError::WrongCode)?;
    let (mut unit, account) = changer.begin(tools).await?;
    if !changer.portal.second_factor.app.covers(&account.record) {
        return Err(SecurityError::NotOffered);
    }
    if unit.factors(account.id).await?.authenticators.len() >= MOST_AUTHENTICATORS {
        return Err(SecurityError::TooMany);
    }
    let added = Authenticator {
        id,
        account: account.id,
        name: name.clone(),
        created_at: now,
        last_used_at: None,
        means: Means::App {
            sealed: seal_secret(&tools.keyring, id, secret.as_bytes(), tools.entropy.as_ref()),
            last_step: step,
        },
    };
    match unit.insert_authenticator(&added).await {
        // Enrolled already: two with one secret would take each code twice.
        Err(StoreError::Conflict) => return Err(SecurityError::EnrolmentSpent),
        other => other?,
    }
    unit.set_second_factor(account.id, true).await?;
    let change = SecurityChange::AppAdded { name };
    changer
        .finish(
            tools,
            unit,
            &account,
            (AuditAction::FactorAdded, "app", change),
            now,
        )
        .await?;
    Ok(added)
}

fn purpose(changer: Changer<'_>) -> String {
    format!("enrolment:{}", changer.session.account.id.0)
}

fn read(text: &[u8]) -> Option<(AuthenticatorId, Timestamp, Secret)> {
    let (id, rest) = text.split_first_chunk::<16>()?;
    let (ends, secret) = rest.split_first_chunk::<8>()?;
    let ends = Timestamp::from_millisecond(i64::from_be_bytes(*ends)).ok()?;
    let whole = secret.len() == SECRET_BYTES;
    whole.then(|| {
        let id = AuthenticatorId(Uuid::from_bytes(*id));
        (id, ends, Secret::from_bytes(secret.to_vec()))
    })
}
