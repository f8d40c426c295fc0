//! Professional cards: a ceremony begins, a card is shown for it, and its answer signs in, proves anew, or is attached
//! ([`super::security::attach_card`]).

mod begin;
mod prove;
mod redeem;
mod show;
mod sign_in;
mod whose;

use jiff::{SignedDuration, Timestamp};
use portique_shared::Language;
use portique_shared::types::NationalId;

pub use self::begin::{Begun, begin};
pub use self::prove::prove;
pub(super) use self::redeem::{Redeemed, redeem};
pub use self::show::{Showing, Told, show};
pub use self::sign_in::sign_in;
pub(super) use self::whose::bears_another_number;
use super::security::SecurityError;
use crate::account::AccountId;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::card::CardFault;
use crate::card_ceremony::{AnswerToken, CardPurpose, CeremonyToken};
use crate::portal::Portal;
use crate::session::{SessionToken, Visitor};
use crate::store::StoreError;

/// The factor's name in the audit trail.
pub(super) const FACTOR: &str = "card";

/// Who comes back from the host that asked for the card.
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    pub portal: &'a Portal,
    pub language: Language,
    pub visitor: Visitor,
    /// What the browser holds of the ceremony that it began.
    pub cookie: Option<&'a CeremonyToken>,
    pub answer: &'a AnswerToken,
    /// The session that the browser holds already, if any; it ends with a new one's start.
    pub replaces: Option<&'a SessionToken>,
}

#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error("the portal takes no cards, or not for this")]
    NotOffered,
    /// Ceremonies were begun too often.
    #[error("asked for too often")]
    TooOften { retry_after: SignedDuration },
    /// Too many answers that nobody was given.
    #[error("too many wrong tries")]
    Blocked { retry_after: SignedDuration },
    #[error("no ceremony waits for this answer")]
    Ended,
    /// The certificate was refused, which the audit trail has since it was shown.
    #[error("the card is refused: {}", .0.word())]
    Refused(CardFault),
    /// No account, or a disabled one: the person is told the same, and the audit trail the difference.
    #[error("the card opens nothing")]
    Unknown { number: NationalId },
    /// Not the card of the session's person.
    #[error("another person's card")]
    OfAnother { number: NationalId },
    #[error("another account has that number")]
    Taken { number: NationalId },
    #[error(transparent)]
    Security(#[from] SecurityError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the trail calls the thing that a card is shown for.
const fn action(purpose: CardPurpose) -> AuditAction {
    match purpose {
        CardPurpose::SignIn => AuditAction::SignIn,
        CardPurpose::Proof => AuditAction::Proof,
        CardPurpose::Attach => AuditAction::FactorAdded,
    }
}

impl Returned<'_> {
    pub(super) fn event(
        self,
        purpose: CardPurpose,
        account: Option<AccountId>,
        result: AuditResult,
        at: Timestamp,
    ) -> AuditEvent {
        AuditEvent {
            at,
            portal: self.portal.name.clone(),
            action: action(purpose),
            result,
            factor: FACTOR,
            account,
            authenticator: None,
            address: Some(self.visitor.address),
        }
    }
}
