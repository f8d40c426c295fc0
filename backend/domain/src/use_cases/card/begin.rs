use core::net::IpAddr;

use super::CardError;
use crate::card_ceremony::{CardCeremony, CardPurpose, CeremonyToken};
use crate::portal::Portal;
use crate::session::TokenHash;
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::{Tools, tries};

/// A ceremony was begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser is to show its card.
    pub url: String,
    /// For this browser alone.
    pub cookie: CeremonyToken,
}

/// Begins a ceremony. `session`: that of who is signed in already, for whatever is not a sign-in.
///
/// # Errors
/// [`CardError::NotOffered`] where the portal takes no cards, or lets them prove nothing by themselves; [`CardError::TooOften`].
pub async fn begin(
    tools: &Tools,
    portal: &Portal,
    purpose: CardPurpose,
    session: Option<TokenHash>,
    address: IpAddr,
) -> Result<Begun, CardError> {
    let settings = portal.card.as_ref().ok_or(CardError::NotOffered)?;
    if purpose == CardPurpose::Proof && !settings.is_two_factors() {
        return Err(CardError::NotOffered);
    }
    let now = tools.clock.now();
    let (ceremony, name, cookie) =
        CardCeremony::begin(tools.entropy.as_ref(), &portal.name, purpose, session, now);
    let keys = [
        ThrottleKey::client(ThrottleKind::CardAddress, &portal.name, address),
        ThrottleKey::portal(ThrottleKind::CardPortal, &portal.name),
    ];
    let mut unit = tools.store.begin().await?;
    let begun = tries::reserve(unit.as_mut(), &keys, now).await?;
    if begun.is_ok() {
        unit.insert_card_ceremony(&ceremony).await?;
    }
    unit.commit().await?;
    match begun {
        Ok(_) => Ok(Begun {
            url: format!("{}/card/{}/{}", settings.url, portal.name, name.as_str()),
            cookie,
        }),
        Err(Blocked { retry_after }) => Err(CardError::TooOften { retry_after }),
    }
}
