//! What becomes of a password that was right: a session, or a sign-in that waits for its code.

use portique_shared::api::second_step::Destination;

use super::{SignIn, SignInOutcome, SignedIn, event};
use crate::account::{Account, AccountStatus};
use crate::audit::{AuditAction, AuditEvent, AuditResult};
use crate::password::PasswordHash;
use crate::second_step::{Methods, PendingSignIn, StepToken, Verified, remembered_for};
use crate::session::{Session, SessionOf, SessionScope, TokenHash};
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;
use crate::use_cases::second_step::{self, SecondStep};
use crate::use_cases::tries::{self, Counted};

/// A password that was right, and what is to become of it.
pub(super) struct FirstStep<'a> {
    pub(super) tools: &'a Tools,
    pub(super) request: &'a SignIn<'a>,
    pub(super) counted: &'a Counted,
    /// As it was when its password was verified.
    pub(super) account: &'a Account,
    pub(super) renewed: Option<(PasswordHash, PasswordHash)>,
}

impl FirstStep<'_> {
    /// The token of the browser that stands in for the second step, where it may. Not for who asks for the step by name.
    pub(super) async fn stands_in(&self, scope: SessionScope) -> Result<Option<TokenHash>, StoreError> {
        let Self { tools, request, .. } = *self;
        let length = remembered_for(&request.portal.second_factor, self.account);
        let asked_by_name = request.strong || scope != SessionScope::Full;
        let (Some(held), Some(length), false) = (request.remembered, length, asked_by_name) else {
            return Ok(None);
        };
        let now = tools.clock.now();
        let found = tools
            .store
            .remembered_browser(&request.portal.name, held.hash())
            .await?;
        let theirs =
            found.filter(|browser| browser.account == self.account.id && browser.is_live(length, now));
        Ok(theirs.map(|browser| browser.token))
    }

    /// Starts the session, unless the account changed while its password was being verified, or the browser that stands in for the second step
    /// was forgotten.
    pub(super) async fn start_session(
        &self,
        scope: SessionScope,
        stands_in: Option<TokenHash>,
    ) -> Result<Option<SignInOutcome>, StoreError> {
        let Self { tools, request, .. } = *self;
        let now = tools.clock.now();
        let mut unit = tools.store.begin().await?;
        // The limits first, as everywhere: writers that lock in one order never wait for each other.
        tries::forgive(unit.as_mut(), self.counted).await?;
        if !unit.record_sign_in(self.account, now).await? {
            // Dropped, the transaction leaves the limits as they were.
            return Ok(None);
        }
        let account = self.account.clone();
        let (entropy, lifetimes) = (tools.entropy.as_ref(), request.portal.sessions);
        let (token, session) = Session::start(entropy, &account, scope, request.visitor, lifetimes, now);
        self.renew_hash(unit.as_mut()).await?;
        if let Some(previous) = request.replaces {
            unit.delete_session(previous.hash()).await?;
        }
        unit.insert_session(&session).await?;
        let mut done = event(request, Some(&account), AuditResult::Success, now);
        if let Some(browser) = stands_in {
            if !unit
                .note_browser_use(account.id, browser, session.started)
                .await?
            {
                return Ok(None);
            }
            done.factor = "remembered_browser";
        }
        unit.audit(&[done]).await?;
        unit.commit().await?;
        Ok(Some(SignInOutcome::SignedIn(Box::new(SignedIn {
            token,
            session: SessionOf { session, account },
            remembered: None,
        }))))
    }

    /// Lets the sign-in wait for its code, sent at once where it can go to one place only; unless the account changed.
    pub(super) async fn wait_for_the_second(&self) -> Result<Option<SignInOutcome>, StoreError> {
        let Self { tools, request, .. } = *self;
        let now = tools.clock.now();
        let portal = request.portal;
        let held = tools.store.factors(self.account.id).await?;
        let methods = Methods::of(&portal.second_factor, &self.account.record, &held);
        let only = methods.only_destination();
        let mut may_send = false;
        if only.is_some() {
            // By itself: whoever waits for the account below, as during an import, keeps nobody from what all count by.
            let mut unit = tools.store.begin().await?;
            let keys = second_step::limits(&portal.name, self.account.id, request.visitor.address);
            may_send = tries::reserve(unit.as_mut(), &keys, now).await?.is_ok();
            if may_send && only == Some(Destination::RescuePhone) {
                let from = request.visitor.address;
                let spent = second_step::spend_sms(unit.as_mut(), portal, self.account.id, from, now).await?;
                may_send = spent.is_ok();
            }
            unit.commit().await?;
        }
        let mut unit = tools.store.begin().await?;
        tries::forgive(unit.as_mut(), self.counted).await?;
        let account = unit.account_for_update(self.account.id).await?.filter(|account| {
            account.password == self.account.password && account.status == AccountStatus::Active
        });
        let (Some(account), Some(stored)) = (account, self.account.password.hash()) else {
            return Ok(None);
        };
        let verified = self.renewed.as_ref().map_or(stored, |(_, new)| new);
        let verified = Verified::Password(verified.clone());
        self.renew_hash(unit.as_mut()).await?;
        let token = StepToken::generate(tools.entropy.as_ref());
        let mut pending = PendingSignIn::start(&token, &account, verified, now);
        pending.proof_of = request.proof_of;
        let mut events = vec![event(request, Some(&account), AuditResult::SecondStepDue, now)];
        if let Some(to) = only {
            let mut result = AuditResult::Throttled;
            if may_send {
                let (sent, message) = second_step::new_code(tools, &pending, to, request.language, now);
                pending.sent = Some(sent);
                unit.enqueue(&[message]).await?;
                result = AuditResult::Success;
            }
            events.push(AuditEvent {
                action: AuditAction::CodeSent,
                factor: second_step::word(to),
                ..event(request, Some(&account), result, now)
            });
        }
        unit.insert_pending_sign_in(&pending).await?;
        unit.audit(&events).await?;
        unit.commit().await?;
        let step = Box::new(SecondStep {
            pending,
            account,
            methods,
        });
        Ok(Some(SignInOutcome::SecondStep { token, step }))
    }

    async fn renew_hash(&self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        match &self.renewed {
            Some((old, new)) => unit.upgrade_hash(self.account.id, old, new).await,
            None => Ok(()),
        }
    }
}
