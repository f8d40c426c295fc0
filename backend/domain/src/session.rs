//! Sessions: what a browser holds after signing in.

use core::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::account::{Account, AccountId};
use crate::browser::Browser;
use crate::entropy::{Entropy, random_bytes};
use crate::password::PasswordHash;
use crate::portal::{PortalName, SessionLifetimes};
use crate::token::cookie_token;

/// How long a proof is good: time enough to fetch a telephone and to install an application on it.
pub const PROOF_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

cookie_token!(
    /// 256 random bits, in hexadecimal: the cookie's value. Only its hash is stored.
    SessionToken
);

/// SHA-256 of a token. Tokens are random, so that a fast hash is enough.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TokenHash(pub [u8; 32]);

/// By what a person names one of their sessions: random, and nothing that opens it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SessionId(pub Uuid);

impl SessionId {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        Self(uuid::Builder::from_random_bytes(random_bytes::<16>(entropy)).into_uuid())
    }
}

/// Who comes, as far as the connection and the browser tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    pub address: IpAddr,
    pub browser: Browser,
}

/// When and from where something was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    pub at: Timestamp,
    /// Unknown for what was started before this was written down.
    pub from: Option<IpAddr>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub token: TokenHash,
    pub account: AccountId,
    pub portal: PortalName,
    pub scope: SessionScope,
    /// The one that it was started with.
    pub browser: Browser,
    pub started: Use,
    /// Written with the idle end, not with each request: true to a quarter of the idle time.
    pub last_used: Use,
    /// The end if nothing is done.
    pub idle_expires_at: Timestamp,
    /// The end whatever is done.
    pub absolute_expires_at: Timestamp,
    /// The account's sign-in before this one: «Dernière connexion le …».
    pub previous_sign_in_at: Option<Timestamp>,
    /// The provisional password that it was started with, where it is for its change. Anybody can have a newer one sent:
    /// that must not take the change out of the hands of who has begun it.
    pub provisional: Option<PasswordHash>,
    /// When the person proved anew, in it, who they are: with the password and a second factor.
    pub proved_at: Option<Timestamp>,
}

/// What a session opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionScope {
    Full,
    /// Signed in with a provisional password: the change of password, and nowhere else.
    PasswordChange,
}

impl Session {
    /// A session that starts now, and the token that opens it.
    pub fn start(
        entropy: &dyn Entropy,
        account: &Account,
        scope: SessionScope,
        visitor: Visitor,
        lifetimes: SessionLifetimes,
        now: Timestamp,
    ) -> (SessionToken, Self) {
        let token = SessionToken::generate(entropy);
        let absolute_expires_at = now + lifetimes.absolute;
        let started = Use {
            at: now,
            from: Some(visitor.address.to_canonical()),
        };
        let session = Self {
            id: SessionId::generate(entropy),
            token: token.hash(),
            account: account.id,
            portal: account.portal.clone(),
            scope,
            browser: visitor.browser,
            started,
            last_used: started,
            idle_expires_at: absolute_expires_at.min(now + lifetimes.idle),
            absolute_expires_at,
            previous_sign_in_at: account.last_sign_in_at,
            provisional: match scope {
                SessionScope::Full => None,
                SessionScope::PasswordChange => account.password.hash().cloned(),
            },
            proved_at: None,
        };
        (token, session)
    }

    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_expires_at && now < self.absolute_expires_at
    }

    /// Whether what opens the account may be changed: who they are was proved a moment ago, not at the sign-in, from which
    /// somebody else may have taken the seat.
    pub fn is_proved(&self, now: Timestamp) -> bool {
        self.proved_until().is_some_and(|until| now < until)
    }

    /// When the last proof loses its strength.
    pub fn proved_until(&self) -> Option<Timestamp> {
        self.proved_at.map(|at| at + PROOF_LIFETIME)
    }

    /// The idle end, were the person active now: never past the absolute end.
    pub fn extended(&self, lifetimes: SessionLifetimes, now: Timestamp) -> Timestamp {
        self.absolute_expires_at.min(now + lifetimes.idle)
    }
}

/// A live session and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOf {
    pub session: Session,
    pub account: Account,
}
