//! Looking at a link. It consumes nothing: mail scanners look too.

use core::net::IpAddr;

use jiff::SignedDuration;
use portique_shared::api::account::PasswordVerdict;
use portique_shared::api::recovery::LinkState;

use super::check_password::check_password;
use super::{Tools, tries};
use crate::account::{Account, AccountStatus};
use crate::application::AccountRequest;
use crate::link::{Link, LinkToken, Target};
use crate::password::{Password, Unjudged};
use crate::portal::Portal;
use crate::store::StoreError;
use crate::throttle::{ThrottleKey, ThrottleKind};

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("the link opens nothing (any more): {0:?}")]
    Spent(LinkState),
    #[error("too many tries")]
    Blocked { retry_after: SignedDuration },
    #[error(transparent)]
    Unjudged(#[from] Unjudged),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A link that is good, and what it opens.
pub struct Opened {
    pub link: Link,
    pub whose: Whose,
}

/// For whom a link was sent, as they stand now.
pub enum Whose {
    /// The account that gets a new password.
    Account(Box<Account>),
    /// The request for an account whose address is to be proved.
    Request(Box<AccountRequest>),
}

impl Opened {
    /// The account of a link to a new password.
    pub fn account(&self) -> Option<&Account> {
        match &self.whose {
            Whose::Account(account) => Some(account),
            Whose::Request(_) => None,
        }
    }

    /// The request of a link that proves an address.
    pub fn request(&self) -> Option<&AccountRequest> {
        match &self.whose {
            Whose::Account(_) => None,
            Whose::Request(request) => Some(request),
        }
    }
}

/// What the link opens.
///
/// # Errors
/// [`LinkError::Spent`] when it opens nothing; a link to an account that was disabled meanwhile, or of a request that is gone, is
/// as none.
pub async fn open(
    tools: &Tools,
    portal: &Portal,
    token: &LinkToken,
    address: IpAddr,
) -> Result<Opened, LinkError> {
    let found = find(tools, portal, token).await;
    if let Err(LinkError::Spent(LinkState::Unknown)) = found {
        // A good link is never kept waiting for what others behind its address mistype.
        let key = ThrottleKey::client(ThrottleKind::LinkAddress, &portal.name, address);
        count(tools, key).await?;
    }
    found
}

/// The verdict on a password being typed on the page that the link opened.
pub async fn check_by_link(
    tools: &Tools,
    portal: &Portal,
    token: &LinkToken,
    password: &Password,
    address: IpAddr,
) -> Result<PasswordVerdict, LinkError> {
    let opened = open(tools, portal, token, address).await?;
    let account = opened.account().ok_or(LinkError::Spent(LinkState::Unknown))?;
    count_use(tools, portal, token).await?;
    Ok(check_password(portal, &account.record, password).await?)
}

/// Counts a password that is judged by the link: judging one takes the server some milliseconds.
pub(super) async fn count_use(tools: &Tools, portal: &Portal, token: &LinkToken) -> Result<(), LinkError> {
    count(tools, key(ThrottleKind::LinkUse, portal, token)).await
}

/// One link, for one kind of limit.
pub(super) fn key(kind: ThrottleKind, portal: &Portal, token: &LinkToken) -> ThrottleKey {
    ThrottleKey::text(kind, &portal.name, &hex::encode(token.hash().0))
}

async fn count(tools: &Tools, key: ThrottleKey) -> Result<(), LinkError> {
    let mut unit = tools.store.begin().await?;
    let counted = tries::reserve(unit.as_mut(), &[key], tools.clock.now()).await?;
    unit.commit().await?;
    counted.map(drop).map_err(|blocked| LinkError::Blocked {
        retry_after: blocked.retry_after,
    })
}

async fn find(tools: &Tools, portal: &Portal, token: &LinkToken) -> Result<Opened, LinkError> {
    let unknown = LinkError::Spent(LinkState::Unknown);
    let Some(link) = tools.store.link(&portal.name, token.hash()).await? else {
        return Err(unknown);
    };
    match link.state(tools.clock.now()) {
        LinkState::Good => {}
        state => return Err(LinkError::Spent(state)),
    }
    let whose = match link.target {
        Target::NewPassword(account) => {
            let account = tools.store.account(account).await?;
            let active = account.filter(|account| account.status == AccountStatus::Active);
            Whose::Account(Box::new(active.ok_or(unknown)?))
        }
        Target::Application(request) => {
            let request = tools.store.account_request_by_id(request).await?;
            Whose::Request(Box::new(request.ok_or(unknown)?))
        }
    };
    Ok(Opened { link, whose })
}
