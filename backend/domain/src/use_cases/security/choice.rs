use super::{Changer, SecurityError};
use crate::audit::AuditAction;
use crate::outbox::SecurityChange;
use crate::second_step::Methods;
use crate::use_cases::Tools;

/// Has the person asked for a second factor at every sign-in from now on, or no more than the portal asks.
///
/// # Errors
/// [`SecurityError::FactorNeeded`] when there is none that could be asked for.
pub async fn choose(tools: &Tools, changer: Changer<'_>, wanted: bool) -> Result<(), SecurityError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    let (mut unit, account) = changer.begin(tools).await?;
    if account.wants_second_factor == wanted {
        return Ok(());
    }
    let held = unit.factors(account.id).await?;
    let methods = Methods::of(&changer.portal.second_factor, &account.record, &held);
    if wanted && !methods.any_lasting() {
        return Err(SecurityError::FactorNeeded);
    }
    unit.set_second_factor(account.id, wanted).await?;
    let (action, change) = if wanted {
        (AuditAction::SecondFactorOn, SecurityChange::SecondFactorOn)
    } else {
        (AuditAction::SecondFactorOff, SecurityChange::SecondFactorOff)
    };
    changer
        .finish(tools, unit, &account, (action, "", change), now)
        .await?;
    Ok(())
}
