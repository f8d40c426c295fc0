use super::{Changer, SecurityError};
use crate::audit::AuditAction;
use crate::authenticator::{AuthenticatorId, Means};
use crate::outbox::SecurityChange;
use crate::second_step::{Methods, is_asked};
use crate::use_cases::Tools;

/// Removes an authenticator: it proves nothing from then on, not even a sign-in that waits already.
///
/// # Errors
/// [`SecurityError::FactorNeeded`] where it is the last of whom a second factor is asked at each sign-in;
/// [`SecurityError::NotFound`] when the person has no such.
pub async fn remove(tools: &Tools, changer: Changer<'_>, id: AuthenticatorId) -> Result<(), SecurityError> {
    let now = tools.clock.now();
    // Not counted: whoever finds a stranger's key in their account takes it out, however often that stranger changed things.
    changer.has_proved(now)?;
    let (mut unit, account) = changer.begin(tools).await?;
    let mut held = unit.factors(account.id).await?;
    let place = held.authenticators.iter().position(|held| held.id == id);
    let removed = held.authenticators.remove(place.ok_or(SecurityError::NotFound)?);
    let portal = &changer.portal.second_factor;
    let asked = is_asked(portal, &account);
    if asked && !Methods::of(portal, &account.record, &held).any_lasting() {
        return Err(SecurityError::FactorNeeded);
    }
    if !unit.delete_authenticator(account.id, id).await? {
        return Err(SecurityError::NotFound);
    }
    let factor = removed.means.word();
    let name = removed.name;
    let change = match removed.means {
        Means::App { .. } => SecurityChange::AppRemoved { name },
        Means::Passkey { .. } => SecurityChange::PasskeyRemoved { name },
    };
    let told = (AuditAction::FactorRemoved, factor, change);
    changer.finish(tools, unit, &account, told, now).await?;
    Ok(())
}
