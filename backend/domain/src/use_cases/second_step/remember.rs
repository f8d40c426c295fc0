use jiff::{SignedDuration, Timestamp};

use super::{Comer, event};
use crate::account::Account;
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::remembered_browser::{BrowserToken, RememberedBrowser};
use crate::second_step::remembered_for;
use crate::session::SessionScope;
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;

/// Whether the browser is to stand in for the next second step.
#[derive(Clone, Copy, Default)]
pub struct Remember<'a> {
    pub wanted: bool,
    /// The token that the browser holds already, of whichever account: the newest replaces it.
    pub held: Option<&'a BrowserToken>,
}

/// What the browser is to hold from now on, and for how long.
pub(super) type Remembered = Option<(BrowserToken, SignedDuration)>;

/// Remembers the browser in which the second step was just taken, where that is wanted and may be. Where it may not, nobody is
/// kept from signing in by having asked for it.
pub(super) async fn remember(
    tools: &Tools,
    unit: &mut dyn UnitOfWork,
    comer: Comer<'_>,
    (account, scope): (&Account, SessionScope),
    wish: Remember<'_>,
    now: Timestamp,
) -> Result<(Remembered, Option<AuditEvent>), StoreError> {
    let length = remembered_for(&comer.portal.second_factor, account);
    // A provisional password is changed next, which would forget the browser.
    let (Some(length), true, SessionScope::Full) = (length, wish.wanted, scope) else {
        return Ok((None, None));
    };
    if let Some(held) = wish.held {
        unit.forget_held_browser(held.hash()).await?;
    }
    let entropy = tools.entropy.as_ref();
    let (token, browser) = RememberedBrowser::start(entropy, account, comer.visitor, length, now);
    unit.insert_remembered_browser(&browser).await?;
    let action = AuditAction::BrowserRemembered;
    let told = event(comer, account.id, action, "", AuditResult::Success, now);
    Ok((Some((token, length)), Some(told)))
}
