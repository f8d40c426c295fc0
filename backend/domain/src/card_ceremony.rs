//! Showing a card: a ceremony that begins on the portal, goes through the host that asks for the card, and ends on the portal.
//!
//! Three secrets keep it together. The address has the ceremony's name, which opens nothing; the browser that began holds a cookie;
//! the browser that showed the card gets the answer's token. Whoever has not both of the last two has nothing: neither is a person
//! lured into showing their card for somebody else's ceremony, nor does an address that was read over a shoulder sign in.

use jiff::{SignedDuration, Timestamp};
use portique_shared::types::NationalId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::AccountId;
use crate::card::{Card, CardFault};
use crate::entropy::{Entropy, random_bytes};
use crate::portal::{Portal, PortalName};
use crate::session::TokenHash;
use crate::token::cookie_token;

/// How long a ceremony waits: somebody looks for their card, and for its PIN.
pub const CEREMONY_LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// Cards that one account may have attached. A person has one, and for a while the one that replaces it.
pub const MOST_CARDS: usize = 5;

cookie_token!(
    /// 256 random bits, in hexadecimal: held by the browser that began.
    CeremonyToken
);

cookie_token!(
    /// 256 random bits, in hexadecimal: given to the browser that showed the card, or showed none.
    AnswerToken
);

/// 128 random bits, in hexadecimal: a ceremony's name in its address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CeremonyName(String);

impl CeremonyName {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(hex::encode(random_bytes::<16>(entropy)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Under what it is written down, whatever the text is: one that names nothing has a key that nothing has.
    pub fn key(name: &str) -> [u8; 32] {
        Sha256::digest(name.as_bytes()).into()
    }
}

/// What a card is shown for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CardPurpose {
    SignIn,
    /// By who is signed in, to prove anew who they are.
    Proof,
    /// By who is signed in, to attach it to their account.
    Attach,
}

impl CardPurpose {
    pub const ALL: [Self; 3] = [Self::SignIn, Self::Proof, Self::Attach];

    pub const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Proof => "proof",
            Self::Attach => "attach",
        }
    }
}

/// A ceremony that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardCeremony {
    /// [`CeremonyName::key`] of its name.
    pub key: [u8; 32],
    pub cookie: TokenHash,
    pub portal: PortalName,
    pub purpose: CardPurpose,
    /// The session that a proof or an attachment is for.
    pub session: Option<TokenHash>,
    pub expires_at: Timestamp,
    /// Written once.
    pub shown: Option<Shown>,
}

/// What came of showing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    pub answer: TokenHash,
    /// [`CardJudge::name_of`](crate::card::CardJudge::name_of) the certificate.
    pub certificate: Option<String>,
    pub outcome: Result<ShownCard, CardFault>,
}

/// What is kept of a good card until its ceremony ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownCard {
    pub number: NationalId,
    pub family_name: String,
    pub given_name: String,
}

impl ShownCard {
    /// The card, where the portal takes it.
    pub fn of(card: Card, portal: &Portal) -> Result<Self, CardFault> {
        let takes_test_cards = portal.card.as_ref().is_some_and(|card| card.test_cards);
        if card.is_test && !takes_test_cards {
            return Err(CardFault::TestCard);
        }
        Ok(Self {
            number: card.number,
            family_name: card.family_name,
            given_name: card.given_name,
        })
    }
}

impl CardCeremony {
    /// One that begins now, its name, and the token that stays in the browser.
    pub fn begin(
        entropy: &dyn Entropy,
        portal: &PortalName,
        purpose: CardPurpose,
        session: Option<TokenHash>,
        now: Timestamp,
    ) -> (Self, CeremonyName, CeremonyToken) {
        let name = CeremonyName::generate(entropy);
        let cookie = CeremonyToken::generate(entropy);
        let ceremony = Self {
            key: CeremonyName::key(name.as_str()),
            cookie: cookie.hash(),
            portal: portal.clone(),
            purpose,
            session,
            expires_at: now + CEREMONY_LIFETIME,
            shown: None,
        };
        (ceremony, name, cookie)
    }

    /// Whether a card can be shown for it.
    pub fn awaits_card(&self, now: Timestamp) -> bool {
        self.shown.is_none() && now < self.expires_at
    }

    /// Whether it was begun on that portal for `purpose` by the browser that holds `cookie` and that session, and its time is not
    /// over.
    pub fn is_of(
        &self,
        portal: &PortalName,
        purpose: CardPurpose,
        cookie: Option<&CeremonyToken>,
        session: Option<TokenHash>,
        now: Timestamp,
    ) -> bool {
        self.portal == *portal
            && self.purpose == purpose
            && cookie.is_some_and(|cookie| cookie.hash() == self.cookie)
            && self.session == session
            && now < self.expires_at
    }
}

/// By what a person names one of their cards.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AccountCardId(pub Uuid);

/// A card that its person attached to their account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountCard {
    pub id: AccountCardId,
    pub account: AccountId,
    pub portal: PortalName,
    /// On its portal, no other account's.
    pub number: NationalId,
    pub family_name: String,
    pub given_name: String,
    pub attached_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{SeededEntropy, portal};

    fn now() -> Timestamp {
        "2026-01-05T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_ceremony_is_its_browsers_its_portals_its_purposes_and_its_sessions_alone() {
        let entropy = SeededEntropy::new(1);
        let (here, there) = (portal("normandie").name, portal("aura").name);
        let session = Some(TokenHash([1; 32]));
        let (ceremony, _, cookie) = CardCeremony::begin(&entropy, &here, CardPurpose::Proof, session, now());
        let other = CeremonyToken::generate(&entropy);
        let is_of =
            |portal, purpose, cookie, session, at| ceremony.is_of(portal, purpose, cookie, session, at);
        assert!(is_of(&here, CardPurpose::Proof, Some(&cookie), session, now()));
        assert!(!is_of(&there, CardPurpose::Proof, Some(&cookie), session, now()));
        assert!(!is_of(&here, CardPurpose::Attach, Some(&cookie), session, now()));
        assert!(!is_of(&here, CardPurpose::Proof, Some(&other), session, now()));
        assert!(!is_of(&here, CardPurpose::Proof, None, session, now()));
        assert!(!is_of(&here, CardPurpose::Proof, Some(&cookie), None, now()));
        let late = now() + CEREMONY_LIFETIME;
        assert!(!is_of(&here, CardPurpose::Proof, Some(&cookie), session, late));
    }

    #[test]
    fn names_and_tokens_are_none_of_each_other() {
        let entropy = SeededEntropy::new(1);
        let begin = || CardCeremony::begin(&entropy, &portal("aura").name, CardPurpose::SignIn, None, now());
        let (one, name, cookie) = begin();
        assert_eq!(name.as_str().len(), 32);
        assert_eq!(cookie.as_str().len(), 64);
        assert!(!cookie.as_str().contains(name.as_str()));
        let (other, _, _) = begin();
        assert_ne!(one.key, other.key);
        assert_ne!(one.cookie, other.cookie);
    }
}
