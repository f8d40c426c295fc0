use core::net::IpAddr;

use jiff::Timestamp;

use super::{FACTOR, action};
use crate::audit::{AuditEvent, AuditResult};
use crate::card::{CardFault, CardJudge, Presented};
use crate::card_ceremony::{AnswerToken, CardPurpose, CeremonyName, Shown, ShownCard};
use crate::portal::Portal;
use crate::store::StoreError;
use crate::throttle::{ThrottleKey, ThrottleKind};
use crate::use_cases::{Tools, tries};

/// What a browser showed on the host that asks for cards.
pub struct Showing<'a> {
    pub judge: &'a dyn CardJudge,
    /// That the address names.
    pub portal: &'a Portal,
    /// The ceremony's name, as it stood in the address.
    pub ceremony: &'a str,
    /// What TLS brought, or why it is not even looked at.
    pub presented: Result<Presented, CardFault>,
    pub address: IpAddr,
}

impl Showing<'_> {
    fn certificate(&self) -> Option<String> {
        let presented = self.presented.as_ref().ok()?;
        self.judge.name_of(presented)
    }
}

/// Where the browser goes on.
#[derive(Debug)]
pub struct Told {
    /// `None` where no ceremony of the portal's has that name (any more).
    pub purpose: Option<CardPurpose>,
    /// `None` where somebody was first, or the time is over: nothing can be redeemed.
    pub answer: Option<AnswerToken>,
}

/// Judges what was shown and writes it down, once.
///
/// What is refused is in the audit trail from here on: whether the answer is ever redeemed is the browser's affair. So is who plays the
/// proxy, whether a ceremony waits or not.
pub async fn show(tools: &Tools, showing: Showing<'_>) -> Result<Told, StoreError> {
    let key = CeremonyName::key(showing.ceremony);
    let ceremony = tools.store.card_ceremony(key).await?;
    let ceremony = ceremony.filter(|it| it.portal == showing.portal.name);
    let purpose = ceremony.as_ref().map(|it| it.purpose);
    let nothing = Told {
        purpose,
        answer: None,
    };
    let waits = ceremony.is_some_and(|it| it.awaits_card(tools.clock.now()));
    let (Some(purpose), true) = (purpose, waits) else {
        if showing.presented == Err(CardFault::SpoofedHeader) {
            note_spoof(tools, &showing, purpose.unwrap_or(CardPurpose::SignIn)).await?;
        }
        return Ok(nothing);
    };
    // Outside any transaction: whether a card was revoked may have to be asked of somebody far away.
    let outcome = match &showing.presented {
        Ok(presented) => showing.judge.judge(presented, tools.clock.now()).await,
        Err(fault) => Err(*fault),
    };
    let outcome = outcome.and_then(|card| ShownCard::of(card, showing.portal));
    let answer = AnswerToken::generate(tools.entropy.as_ref());
    let fault = outcome.as_ref().err().copied();
    let shown = Shown {
        answer: answer.hash(),
        certificate: showing.certificate(),
        outcome,
    };
    let mut unit = tools.store.begin().await?;
    if !unit.note_card_shown(key, &shown).await? {
        return Ok(nothing);
    }
    if let Some(fault) = fault {
        let refused = event(&showing, purpose, fault, tools.clock.now());
        unit.audit(&[refused]).await?;
    }
    unit.commit().await?;
    Ok(Told {
        purpose: Some(purpose),
        answer: Some(answer),
    })
}

/// Writes down that somebody plays the proxy for a ceremony that does not wait: as often as answers that nobody was given, lest it be a
/// way to fill the trail.
async fn note_spoof(tools: &Tools, showing: &Showing<'_>, purpose: CardPurpose) -> Result<(), StoreError> {
    let now = tools.clock.now();
    let key = ThrottleKey::client(ThrottleKind::CardAnswer, &showing.portal.name, showing.address);
    let mut unit = tools.store.begin().await?;
    if tries::reserve(unit.as_mut(), &[key], now).await?.is_ok() {
        unit.audit(&[event(showing, purpose, CardFault::SpoofedHeader, now)])
            .await?;
    }
    unit.commit().await
}

fn event(showing: &Showing<'_>, purpose: CardPurpose, fault: CardFault, at: Timestamp) -> AuditEvent {
    AuditEvent {
        at,
        portal: showing.portal.name.clone(),
        action: action(purpose),
        result: AuditResult::Card(fault),
        factor: FACTOR,
        account: None,
        authenticator: showing.certificate(),
        address: Some(showing.address),
    }
}
