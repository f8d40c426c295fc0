//! What every factor's verification begins and ends with: the try is counted, the rows are locked, the session starts.

use jiff::Timestamp;

use super::remember::{Remember, remember};
use super::{Comer, SecondStepError, codes_of, event, is_live, wrong_codes_of};
use crate::account::{Account, AccountId, PasswordState};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::outbox::SecurityChange;
use crate::second_step::{PendingSignIn, Verified};
use crate::session::{Session, SessionOf, SessionScope, SessionToken};
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::Blocked;
use crate::use_cases::sign_in::SignedIn;
use crate::use_cases::tries::{self, Counted};
use crate::use_cases::{Tools, security};

/// A try at one factor.
#[derive(Clone, Copy)]
pub(in crate::use_cases) struct Entry<'a> {
    pub(in crate::use_cases) tools: &'a Tools,
    pub(in crate::use_cases) comer: Comer<'a>,
    pub(in crate::use_cases) account: AccountId,
    pub(in crate::use_cases) now: Timestamp,
    /// The session that the browser holds already, if any; it ends with the new one's start.
    pub(in crate::use_cases) replaces: Option<&'a SessionToken>,
    /// Whether the browser is to stand in for the next second step.
    pub(in crate::use_cases) wish: Remember<'a>,
    /// The session whose person proves anew who they are, if it is not a sign-in.
    pub(in crate::use_cases) proved: Option<&'a Session>,
}

impl Entry<'_> {
    /// Counts the try under the account: another code, or another sign-in, does not begin the count anew.
    pub(in crate::use_cases) async fn count(
        &self,
        unit: &mut dyn UnitOfWork,
        factor: &'static str,
    ) -> Result<Result<Counted, SecondStepError>, StoreError> {
        let key = wrong_codes_of(&self.comer.portal.name, self.account);
        let counted = tries::reserve(unit, std::slice::from_ref(&key), self.now).await?;
        Ok(match counted {
            Ok(counted) => Ok(counted),
            Err(Blocked { retry_after }) => {
                unit.audit(&[self.told(factor, AuditResult::Throttled)]).await?;
                Err(SecondStepError::Blocked { retry_after })
            }
        })
    }

    /// Locks what a right factor changes, in the locks' order. `None` when the step can't be taken any more.
    pub(in crate::use_cases) async fn lock(
        &self,
        unit: &mut dyn UnitOfWork,
    ) -> Result<Option<(PendingSignIn, Account)>, StoreError> {
        let portal = &self.comer.portal.name;
        unit.throttle_for_update(&codes_of(portal, self.account)).await?;
        let account = unit.account_for_update(self.account).await?;
        let pending = unit
            .pending_sign_in_for_update(portal, self.comer.token.hash())
            .await?;
        let step = pending.zip(account);
        Ok(step.filter(|(pending, account)| is_live(pending, account, self.now)))
    }

    /// The factor was right: the counts are cleared, the wait ends, and a session starts, or the one that is proved gets another
    /// token.
    pub(in crate::use_cases) async fn open(
        &self,
        mut unit: Box<dyn UnitOfWork>,
        pending: &PendingSignIn,
        account: Account,
        factor: &'static str,
    ) -> Result<SignedIn, SecondStepError> {
        let portal = self.comer.portal;
        let keys = [
            wrong_codes_of(&portal.name, account.id),
            codes_of(&portal.name, account.id),
        ];
        for key in keys {
            unit.clear_throttle(&key).await?;
        }
        if !unit.delete_pending_sign_in(pending.token).await? {
            return Err(SecondStepError::Ended);
        }
        let entropy = self.tools.entropy.as_ref();
        let (mut remembered, mut told_of_it) = (None, None);
        let (token, session) = if let Some(old) = self.proved {
            let token = SessionToken::generate(entropy);
            if !unit.renew_session(old.token, token.hash(), self.now).await? {
                return Err(SecondStepError::Ended);
            }
            let session = Session {
                token: token.hash(),
                proved_at: Some(self.now),
                ..old.clone()
            };
            (token, session)
        } else {
            if let Some(previous) = self.replaces {
                unit.delete_session(previous.hash()).await?;
            }
            unit.record_sign_in(&account, self.now).await?;
            let scope = match (&pending.verified, &account.password) {
                (Verified::Card, _) | (_, PasswordState::Definitive { .. }) => SessionScope::Full,
                (_, PasswordState::Provisional { .. } | PasswordState::None) => SessionScope::PasswordChange,
            };
            let (visitor, lifetimes) = (self.comer.visitor, portal.sessions);
            let (token, session) = Session::start(entropy, &account, scope, visitor, lifetimes, self.now);
            unit.insert_session(&session).await?;
            let whose = (&account, scope);
            (remembered, told_of_it) =
                remember(self.tools, unit.as_mut(), self.comer, whose, self.wish, self.now).await?;
            (token, session)
        };
        let events = [Some(self.told(factor, AuditResult::Success)), told_of_it];
        unit.audit(&events.into_iter().flatten().collect::<Vec<_>>())
            .await?;
        unit.commit().await?;
        Ok(SignedIn {
            token,
            session: SessionOf { session, account },
            remembered,
        })
    }

    pub(in crate::use_cases) fn told(&self, factor: &'static str, result: AuditResult) -> AuditEvent {
        let action = if self.proved.is_some() {
            AuditAction::Proof
        } else {
            AuditAction::SignIn
        };
        event(self.comer, self.account, action, factor, result, self.now)
    }

    /// Tells the person, at each of their addresses, of a change that the step made.
    pub(super) async fn tell(
        &self,
        unit: &mut dyn UnitOfWork,
        account: &Account,
        change: &SecurityChange,
    ) -> Result<(), StoreError> {
        let messages = security::told(self.tools, account, change, self.comer.language, self.now);
        unit.enqueue(&messages).await
    }
}
