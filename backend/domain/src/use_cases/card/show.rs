use core::net::IpAddr;

use super::{FACTOR, action};
use crate::audit::{AuditEvent, AuditResult};
use crate::card::{CardFault, CardJudge, Presented};
use crate::card_ceremony::{AnswerToken, CardPurpose, CeremonyName, Shown, ShownCard};
use crate::portal::{Portal, PortalName};
use crate::store::StoreError;
use crate::use_cases::Tools;

/// What a browser showed on the host that asks for cards.
pub struct Showing<'a> {
    pub judge: &'a dyn CardJudge,
    /// The ceremony's name, as it stood in the address.
    pub ceremony: &'a str,
    /// What TLS brought, or why it is not even looked at.
    pub presented: Result<Presented, CardFault>,
    pub address: IpAddr,
}

/// Where the browser goes on.
#[derive(Debug)]
pub struct Told {
    pub portal: PortalName,
    pub purpose: CardPurpose,
    /// `None` where somebody was first, or the time is over: nothing can be redeemed.
    pub answer: Option<AnswerToken>,
}

/// Judges what was shown and writes it down, once. `portal_of` knows the portals that ask for cards where the request came.
///
/// Gives `None` when no ceremony of theirs has that name. What is refused is in the audit trail from here on: whether the answer
/// is ever redeemed is the browser's affair.
pub async fn show<'p>(
    tools: &Tools,
    showing: Showing<'_>,
    portal_of: impl FnOnce(&PortalName) -> Option<&'p Portal>,
) -> Result<Option<Told>, StoreError> {
    let key = CeremonyName::key(showing.ceremony);
    let Some(ceremony) = tools.store.card_ceremony(key).await? else {
        return Ok(None);
    };
    let Some(portal) = portal_of(&ceremony.portal) else {
        return Ok(None);
    };
    let told = |answer| Told {
        portal: ceremony.portal.clone(),
        purpose: ceremony.purpose,
        answer,
    };
    if !ceremony.awaits_card(tools.clock.now()) {
        return Ok(Some(told(None)));
    }
    // Outside any transaction: whether a card was revoked may have to be asked of somebody far away.
    let outcome = match showing.presented {
        Ok(presented) => showing.judge.judge(&presented, tools.clock.now()).await,
        Err(fault) => Err(fault),
    };
    let outcome = outcome.and_then(|card| ShownCard::of(card, portal));
    let answer = AnswerToken::generate(tools.entropy.as_ref());
    let now = tools.clock.now();
    let fault = outcome.as_ref().err().copied();
    let shown = Shown {
        answer: answer.hash(),
        outcome,
    };
    let mut unit = tools.store.begin().await?;
    if !unit.note_card_shown(key, &shown).await? {
        return Ok(Some(told(None)));
    }
    if let Some(fault) = fault {
        unit.audit(&[AuditEvent {
            at: now,
            portal: ceremony.portal.clone(),
            action: action(ceremony.purpose),
            result: AuditResult::Card(fault),
            factor: FACTOR,
            account: None,
            address: Some(showing.address),
        }])
        .await?;
    }
    unit.commit().await?;
    Ok(Some(told(Some(answer))))
}
