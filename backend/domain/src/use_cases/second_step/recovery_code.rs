use super::SecondStepError;
use super::enter::Entry;
use crate::audit::AuditResult;
use crate::outbox::SecurityChange;
use crate::recovery_code::RecoveryCodeText;
use crate::use_cases::sign_in::SignedIn;
use crate::use_cases::tries;

const FACTOR: &str = "recovery_code";

/// Takes a recovery code. It is hashed as a password is, outside of any transaction: the try is counted before, and of any
/// number of the right one at one instant, one is taken after.
pub(super) async fn verify(entry: Entry<'_>, code: &RecoveryCodeText) -> Result<SignedIn, SecondStepError> {
    let Entry { tools, account, .. } = entry;
    let mut turn = tools.hasher.turn()?;
    let mut unit = tools.store.begin().await?;
    let counted = match entry.count(unit.as_mut()).await? {
        Ok(counted) => counted,
        Err(blocked) => return entry.send_away(unit, FACTOR, blocked).await,
    };
    unit.commit().await?;

    let held = tools.store.factors(account).await?;
    let kept = held
        .recovery_codes
        .iter()
        .find(|kept| kept.slot == code.slot() && kept.used_at.is_none());
    let found = turn.verify(&code.secret(), kept.map(|kept| &kept.hash)).await?;

    let mut unit = tools.store.begin().await?;
    let Some(kept) = kept.filter(|_| found.matches) else {
        unit.audit(&[entry.told(FACTOR, AuditResult::WrongCode)]).await?;
        unit.commit().await?;
        return Err(SecondStepError::WrongCode);
    };
    tries::forgive(unit.as_mut(), &counted).await?;
    let (pending, owner) = entry.lock(unit.as_mut()).await?.ok_or(SecondStepError::Ended)?;
    if !unit.spend_recovery_code(account, kept, entry.now).await? {
        // Another sign-in took it meanwhile.
        return Err(SecondStepError::WrongCode);
    }
    let left = held.recovery_codes_left().saturating_sub(1);
    entry
        .tell(unit.as_mut(), &owner, &SecurityChange::RecoveryCodeUsed { left })
        .await?;
    entry.open(unit, &pending, owner, FACTOR).await
}
