//! Links sent by mail: what they open, for how long, and once only.

use core::fmt;

use jiff::{SignedDuration, Timestamp};
use portique_shared::api::recovery::LinkState;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::account::AccountId;
use crate::entropy::{Entropy, random_bytes};
use crate::portal::PortalName;

/// How long a link opens what it was sent for.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// How long an ended link is remembered, so that whoever follows it learns why it opens nothing.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// 256 random bits, in hexadecimal: what stands after the link's `#`. Only its hash is stored; the mail that carries it
/// waits sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkToken(String);

impl LinkToken {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(hex::encode(random_bytes::<32>(entropy)))
    }

    /// Takes what a request holds, whatever it is: a text that is no token has a hash that no link has.
    pub fn from_request(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database knows of it.
    pub fn hash(&self) -> LinkHash {
        LinkHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkToken(…)")
    }
}

/// SHA-256 of a token. Tokens are random, so that a fast hash is enough.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkHash(pub [u8; 32]);

/// What a link opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A new password for this account.
    NewPassword(AccountId),
    /// Proves the address of this request for an account.
    Application(Uuid),
}

/// A link that was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub hash: LinkHash,
    pub portal: PortalName,
    pub target: Target,
    pub expires_at: Timestamp,
    pub spent_at: Option<Timestamp>,
    /// When a newer link for the same took its place.
    pub replaced_at: Option<Timestamp>,
}

impl Link {
    /// A link that opens `target` from now on.
    pub fn new(token: &LinkToken, portal: &PortalName, target: Target, now: Timestamp) -> Self {
        Self {
            hash: token.hash(),
            portal: portal.clone(),
            target,
            expires_at: now + LIFETIME,
            spent_at: None,
            replaced_at: None,
        }
    }

    /// Where it stands. What was used says so even when its time is over too: that is what its owner remembers.
    pub fn state(&self, now: Timestamp) -> LinkState {
        if self.spent_at.is_some() {
            LinkState::Used
        } else if self.replaced_at.is_some() {
            LinkState::Replaced
        } else if now >= self.expires_at {
            LinkState::Expired
        } else {
            LinkState::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededEntropy;

    fn link() -> Link {
        let token = LinkToken::generate(&SeededEntropy::new(1));
        let portal = PortalName::parse("paca").unwrap();
        Link::new(
            &token,
            &portal,
            Target::NewPassword(AccountId(Uuid::nil())),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn a_link_is_good_for_24_hours_to_the_second() {
        let end = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24);
        let before = end - SignedDuration::from_secs(1);
        assert_eq!(link().state(before), LinkState::Good);
        assert_eq!(link().state(end), LinkState::Expired);
    }

    #[test]
    fn a_used_link_says_so_whatever_else_became_of_it() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(30);
        let used = Link {
            spent_at: Some(Timestamp::UNIX_EPOCH),
            replaced_at: Some(now),
            ..link()
        };
        assert_eq!(used.state(now), LinkState::Used);
    }
}
