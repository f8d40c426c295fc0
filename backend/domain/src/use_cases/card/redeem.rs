use jiff::Timestamp;

use super::{CardError, Returned};
use crate::audit::AuditResult;
use crate::card_ceremony::{CardPurpose, ShownCard};
use crate::session::TokenHash;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey};
use crate::use_cases::{Tools, tries};

/// The card that was shown, by the answer's token, which is used up whatever comes of it. In a transaction of its own, before any
/// account is locked.
///
/// Answers that nobody was given are counted under their address, as wrong passwords are. A card that is refused is not: a
/// hospital's thousands share an address, and each of them leaves their card at home now and then.
pub(in crate::use_cases) async fn redeem(
    tools: &Tools,
    returned: Returned<'_>,
    purpose: CardPurpose,
    session: Option<TokenHash>,
    now: Timestamp,
) -> Result<ShownCard, CardError> {
    let mut unit = tools.store.begin().await?;
    let outcome = take(unit.as_mut(), returned, purpose, session, now).await?;
    unit.commit().await?;
    outcome
}

async fn take(
    unit: &mut dyn UnitOfWork,
    returned: Returned<'_>,
    purpose: CardPurpose,
    session: Option<TokenHash>,
    now: Timestamp,
) -> Result<Result<ShownCard, CardError>, StoreError> {
    let portal = &returned.portal.name;
    let from = [ThrottleKey::address(portal, returned.visitor.address)];
    let counted = match tries::reserve(unit, &from, now).await? {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            let told = returned.event(purpose, None, AuditResult::Throttled, now);
            unit.audit(&[told]).await?;
            return Ok(Err(CardError::Blocked { retry_after }));
        }
    };
    let taken = unit.take_card_ceremony(returned.answer.hash()).await?;
    let theirs = taken.filter(|it| it.is_of(portal, purpose, returned.cookie, session, now));
    let Some(shown) = theirs.and_then(|ceremony| ceremony.shown) else {
        let told = returned.event(purpose, None, AuditResult::CeremonySpent, now);
        unit.audit(&[told]).await?;
        return Ok(Err(CardError::Ended));
    };
    tries::forgive(unit, &counted).await?;
    Ok(shown.outcome.map_err(CardError::Refused))
}
