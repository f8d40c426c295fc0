//! Proofs of work: given out without being kept, and taken once.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use portique_shared::api::captcha::ProofChallenge;

use super::captcha::{CaptchaError, given_out};
use super::{Tools, tries};
use crate::captcha::proof::{Difficulty, ProofSecret, check, issue};
use crate::captcha::{Captcha, LIFETIME};
use crate::portal::Portal;
use crate::throttle::{ThrottleKey, ThrottleKind};

/// The span over which the pressure on a portal is counted.
const PRESSURE_SPAN: SignedDuration = SignedDuration::from_mins(1);

/// A new challenge, the harder the more of them the portal gave out in this minute so far.
pub async fn new_proof(
    tools: &Tools,
    portal: &Portal,
    address: IpAddr,
) -> Result<ProofChallenge, CaptchaError> {
    let now = tools.clock.now();
    let mut unit = tools.store.begin().await?;
    let given = tries::reserve(unit.as_mut(), &given_out(portal, address), now).await?;
    let pressure = if given.is_ok() {
        let key = ThrottleKey::text(
            ThrottleKind::ProofPressure,
            &portal.name,
            &minute(now).to_string(),
        );
        let before = unit.count_tries(&[key], now).await?;
        before.first().map_or(0, |counted| counted.failures)
    } else {
        0
    };
    unit.commit().await?;
    given?;
    let secret = ProofSecret::of(&tools.keyring, &portal.name);
    Ok(issue(
        &secret,
        Difficulty::under(pressure),
        tools.entropy.as_ref(),
        now,
    ))
}

/// Verifies a solution, and takes it: of any number at one instant, one passes.
pub(super) async fn verify(tools: &Tools, portal: &Portal, payload: &str) -> Result<(), CaptchaError> {
    let now = tools.clock.now();
    let secret = ProofSecret::of(&tools.keyring, &portal.name);
    let proof = check(&secret, payload, now).map_err(|_| CaptchaError::Refused)?;
    let captcha = Captcha {
        key: proof,
        answer: None,
        // Remembered as long as it could be used again.
        expires_at: now + LIFETIME,
    };
    let mut unit = tools.store.begin().await?;
    let first = unit.spend_proof(&captcha).await?;
    unit.commit().await?;
    if first { Ok(()) } else { Err(CaptchaError::Refused) }
}

/// Which minute since 1970 it is: a count begins anew with each.
fn minute(now: Timestamp) -> i64 {
    now.as_second() / PRESSURE_SPAN.as_secs()
}
