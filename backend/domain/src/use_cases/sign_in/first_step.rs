//! What becomes of a password that was right: a session, or a sign-in that waits for its second step.

use jiff::Timestamp;
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
use crate::use_cases::tries::{self, Counted, Ready};

/// A password that was right, and what is to become of it.
pub(super) struct FirstStep<'a> {
    pub(super) tools: &'a Tools,
    pub(super) request: &'a SignIn<'a>,
    pub(super) counted: &'a Counted,
    /// As it was when its password was verified.
    pub(super) account: &'a Account,
    pub(super) renewed: Option<(PasswordHash, PasswordHash)>,
}

/// What became of a session that was to start.
enum Started {
    Session(SignInOutcome),
    /// Nothing: the account changed while its password was being verified.
    AccountChanged,
    /// Nothing: the browser that stood in for the second step was forgotten meanwhile.
    BrowserForgotten,
}

/// Why no sign-in waits.
#[derive(Debug, thiserror::Error)]
enum NoWait {
    #[error("the account changed while its password was being verified")]
    AccountChanged,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FirstStep<'_> {
    /// Starts the session, or lets the sign-in wait for its second step where one is due and no browser stands in for it. `None` when
    /// the account changed while its password was being verified.
    pub(super) async fn take(
        &self,
        scope: SessionScope,
        asks_second_step: bool,
    ) -> Result<Option<SignInOutcome>, StoreError> {
        if let Some(browser) = self.stands_in(scope).await? {
            match self.start_session(scope, Some(browser)).await? {
                Started::Session(outcome) => return Ok(Some(outcome)),
                Started::AccountChanged => return Ok(None),
                // As if it had never stood in.
                Started::BrowserForgotten => {}
            }
        }
        if asks_second_step {
            return self.wait_for_the_second().await;
        }
        match self.start_session(scope, None).await? {
            Started::Session(outcome) => Ok(Some(outcome)),
            Started::AccountChanged | Started::BrowserForgotten => Ok(None),
        }
    }

    /// The token of the browser that stands in for the second step, where it may. Not for who asks for the step by name.
    async fn stands_in(&self, scope: SessionScope) -> Result<Option<TokenHash>, StoreError> {
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

    /// Starts the session, or writes nothing.
    async fn start_session(
        &self,
        scope: SessionScope,
        stands_in: Option<TokenHash>,
    ) -> Result<Started, StoreError> {
        let Self { tools, request, .. } = *self;
        let now = tools.clock.now();
        let mut unit = tools.store.begin().await?;
        // The locks' order.
        tries::forgive_own(unit.as_mut(), self.counted).await?;
        if !unit.record_sign_in(self.account, now).await? {
            // Dropped, the transaction leaves the limits as they were.
            return Ok(Started::AccountChanged);
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
                return Ok(Started::BrowserForgotten);
            }
            done.factor = "remembered_browser";
        }
        tries::forgive_shared(unit.as_mut(), self.counted).await?;
        unit.audit(&[done]).await?;
        unit.commit().await?;
        Ok(Started::Session(SignInOutcome::SignedIn(Box::new(SignedIn {
            token,
            session: SessionOf { session, account },
            remembered: None,
        }))))
    }

    /// Lets the sign-in wait for its second step, its code sent at once where there is no choice; unless the account changed.
    async fn wait_for_the_second(&self) -> Result<Option<SignInOutcome>, StoreError> {
        let Self { tools, request, .. } = *self;
        let now = tools.clock.now();
        let portal = request.portal;
        let held = tools.store.factors(self.account.id).await?;
        let known = Methods::of(&portal.second_factor, &self.account.record, &held);
        let expected = known.only_destination();
        let mut counted = None;
        if let Some(to) = expected {
            let from = request.visitor.address;
            counted = second_step::count(tools, portal, self.account.id, from, to, now)
                .await?
                .ok();
        }
        let code = expected.map(|to| (to, counted.is_some()));
        let ready = self.ready_to_wait(code, now).await;
        match tries::commit_or_undo(tools, counted.as_ref(), ready).await {
            Ok((token, step)) => Ok(Some(SignInOutcome::SecondStep { token, step })),
            Err(NoWait::AccountChanged) => Ok(None),
            Err(NoWait::Store(error)) => Err(error),
        }
    }

    /// The sign-in that waits from the commit on. `code`: where one is to go, and whether it may.
    async fn ready_to_wait(
        &self,
        code: Option<(Destination, bool)>,
        now: Timestamp,
    ) -> Result<Ready<(StepToken, Box<SecondStep>)>, NoWait> {
        let Self { tools, request, .. } = *self;
        let mut unit = tools.store.begin().await?;
        tries::forgive_own(unit.as_mut(), self.counted).await?;
        let account = unit.account_for_update(self.account.id).await?.filter(|account| {
            account.password == self.account.password && account.status == AccountStatus::Active
        });
        let (Some(account), Some(stored)) = (account, self.account.password.hash()) else {
            return Err(NoWait::AccountChanged);
        };
        let verified = self.renewed.as_ref().map_or(stored, |(_, new)| new);
        let verified = Verified::Password(verified.clone());
        self.renew_hash(unit.as_mut()).await?;
        let token = StepToken::generate(tools.entropy.as_ref());
        let mut pending = PendingSignIn::start(&token, &account, verified, now);
        pending.proof_of = request.proof_of.map(|of| of.session.token);
        let mut events = vec![event(request, Some(&account), AuditResult::SecondStepDue, now)];
        // Of the account as it is now: an import may have held it, and given it privileges or a rescue address.
        let held = unit.factors(account.id).await?;
        let methods = Methods::of(&request.portal.second_factor, &account.record, &held);
        let only = methods.only_destination();
        if let Some((to, may_go)) = code.filter(|(to, _)| Some(*to) == only) {
            let mut result = AuditResult::Throttled;
            if may_go {
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
        tries::forgive_shared(unit.as_mut(), self.counted).await?;
        unit.audit(&events).await?;
        let done = pending.sent.is_some();
        let step = Box::new(SecondStep {
            pending,
            account,
            methods,
        });
        let outcome = (token, step);
        Ok(Ready { unit, done, outcome })
    }

    async fn renew_hash(&self, unit: &mut dyn UnitOfWork) -> Result<(), StoreError> {
        match &self.renewed {
            Some((old, new)) => unit.upgrade_hash(self.account.id, old, new).await,
            None => Ok(()),
        }
    }
}
