//! «Se souvenir de ce poste»: a browser that stands in for the second step, for some hours.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::account::{Account, AccountId};
use crate::browser::Browser;
use crate::entropy::{Entropy, random_bytes};
use crate::portal::PortalName;
use crate::session::{TokenHash, Use, Visitor};
use crate::token::cookie_token;

cookie_token!(
    /// 256 random bits, in hexadecimal: the cookie's value. Without the password it opens nothing, and only its hash is stored.
    BrowserToken
);

/// By what a person names a browser of theirs: random, and nothing that opens anything.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BrowserId(pub Uuid);

/// A browser that stands in for one account's second step on one portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RememberedBrowser {
    pub id: BrowserId,
    pub token: TokenHash,
    pub account: AccountId,
    pub portal: PortalName,
    pub browser: Browser,
    pub remembered: Use,
    pub last_used: Use,
    pub expires_at: Timestamp,
}

impl RememberedBrowser {
    /// A browser remembered from now on, and the token that it holds.
    pub fn start(
        entropy: &dyn Entropy,
        account: &Account,
        visitor: Visitor,
        length: SignedDuration,
        now: Timestamp,
    ) -> (BrowserToken, Self) {
        let token = BrowserToken::generate(entropy);
        let remembered = Use {
            at: now,
            from: Some(visitor.address.to_canonical()),
        };
        let browser = Self {
            id: BrowserId(uuid::Builder::from_random_bytes(random_bytes::<16>(entropy)).into_uuid()),
            token: token.hash(),
            account: account.id,
            portal: account.portal.clone(),
            browser: visitor.browser,
            remembered,
            last_used: remembered,
            expires_at: now + length,
        };
        (token, browser)
    }

    /// Whether it stands in at `now` where the portal remembers browsers for `length`: what the operator shortens is
    /// shorter for those that are remembered already.
    pub fn is_live(&self, length: SignedDuration, now: Timestamp) -> bool {
        now < self.expires_at && now < self.remembered.at + length
    }
}
