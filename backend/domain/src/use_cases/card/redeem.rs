use jiff::Timestamp;

use super::{CardError, Returned};
use crate::audit::AuditResult;
use crate::card_ceremony::{CardPurpose, ShownCard};
use crate::session::TokenHash;
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::{Tools, tries};

/// A good card, and which one it is for the trail.
pub(in crate::use_cases) struct Redeemed {
    pub card: ShownCard,
    pub certificate: Option<String>,
}

/// The card that was shown, by the answer's token, which is used up whatever comes of it. In a transaction of its own, before any
/// account is locked.
///
/// Answers that nobody was given are counted under their address, lest they fill the trail, and not with its wrong passwords: nobody
/// guesses 256 bits, and a hospital's thousands, who share an address, come too late now and then. A good answer is taken whatever
/// others there send.
pub(in crate::use_cases) async fn redeem(
    tools: &Tools,
    returned: Returned<'_>,
    purpose: CardPurpose,
    session: Option<TokenHash>,
    now: Timestamp,
) -> Result<Redeemed, CardError> {
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
) -> Result<Result<Redeemed, CardError>, StoreError> {
    let portal = &returned.portal.name;
    let taken = unit.take_card_ceremony(returned.answer.hash()).await?;
    let theirs = taken.filter(|it| it.is_of(portal, purpose, returned.cookie, session, now));
    let Some(shown) = theirs.and_then(|ceremony| ceremony.shown) else {
        let from = [ThrottleKey::client(
            ThrottleKind::CardAnswer,
            portal,
            returned.visitor.address,
        )];
        return Ok(Err(match tries::reserve(unit, &from, now).await? {
            Ok(_) => {
                let told = returned.event(purpose, None, AuditResult::CeremonySpent, now);
                unit.audit(&[told]).await?;
                CardError::Ended
            }
            Err(Blocked { retry_after }) => CardError::Blocked { retry_after },
        }));
    };
    let certificate = shown.certificate;
    let card = shown.outcome.map_err(CardError::Refused);
    Ok(card.map(|card| Redeemed { card, certificate }))
}
