use jiff::Timestamp;

use super::redeem::{Redeemed, redeem};
use super::whose::opened;
use super::{CardError, Returned};
use crate::account::Account;
use crate::audit::{AuditEvent, AuditResult};
use crate::card_ceremony::{CardPurpose, ShownCard};
use crate::second_step::{PendingSignIn, StepToken, Verified, is_asked};
use crate::session::{Session, SessionOf, SessionScope};
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::Tools;
use crate::use_cases::second_step::{Comer, look, send};
use crate::use_cases::sign_in::{SignInOutcome, SignedIn};

/// Signs in whoever showed a card: at once where it counts as two factors or no second one is asked for, else after a second step.
///
/// A provisional password, or none, is no hindrance: nobody chose it, and the card proves more.
pub async fn sign_in(tools: &Tools, returned: Returned<'_>) -> Result<SignInOutcome, CardError> {
    let portal = returned.portal;
    let settings = portal.card.as_ref().ok_or(CardError::NotOffered)?;
    let now = tools.clock.now();
    let purpose = CardPurpose::SignIn;
    let Redeemed {
        card: shown,
        certificate,
    } = redeem(tools, returned, purpose, None, now).await?;
    let mut unit = tools.store.begin().await?;
    let account = match opened(unit.as_mut(), &portal.name, &shown.number).await? {
        Ok(account) => account,
        Err((account, result)) => {
            let told = returned.event(purpose, account, result, now);
            unit.audit(&[told.of(certificate)]).await?;
            unit.commit().await?;
            return Err(CardError::Unknown { number: shown.number });
        }
    };
    note_use(unit.as_mut(), &account, &shown, now).await?;
    if settings.is_two_factors() || !is_asked(&portal.second_factor, &account) {
        let done = returned.event(purpose, Some(account.id), AuditResult::Success, now);
        let signed = start_session(tools, returned, unit, account, done.of(certificate)).await?;
        Ok(SignInOutcome::SignedIn(Box::new(signed)))
    } else {
        let due = returned.event(purpose, Some(account.id), AuditResult::SecondStepDue, now);
        wait_for_the_second(tools, returned, unit, &account, due.of(certificate)).await
    }
}

async fn note_use(
    unit: &mut dyn UnitOfWork,
    account: &Account,
    shown: &ShownCard,
    now: Timestamp,
) -> Result<(), StoreError> {
    match unit.account_card(&account.portal, &shown.number).await? {
        Some(card) if card.account == account.id => unit.note_card_use(card.id, now).await,
        _ => Ok(()),
    }
}

async fn start_session(
    tools: &Tools,
    returned: Returned<'_>,
    mut unit: Box<dyn UnitOfWork>,
    account: Account,
    done: AuditEvent,
) -> Result<SignedIn, StoreError> {
    if let Some(previous) = returned.replaces {
        unit.delete_session(previous.hash()).await?;
    }
    let now = done.at;
    unit.record_sign_in(&account, now).await?;
    let (token, session) = Session::start(
        tools.entropy.as_ref(),
        &account,
        SessionScope::Full,
        returned.visitor,
        returned.portal.sessions,
        now,
    );
    unit.insert_session(&session).await?;
    unit.audit(&[done]).await?;
    unit.commit().await?;
    Ok(SignedIn {
        token,
        session: SessionOf { session, account },
        remembered: None,
    })
}

/// Lets the sign-in wait for its second step, and has a code sent where it can go to one place only.
async fn wait_for_the_second(
    tools: &Tools,
    returned: Returned<'_>,
    mut unit: Box<dyn UnitOfWork>,
    account: &Account,
    due: AuditEvent,
) -> Result<SignInOutcome, CardError> {
    let portal = returned.portal;
    let token = StepToken::generate(tools.entropy.as_ref());
    let pending = PendingSignIn::start(&token, account, Verified::Card, due.at);
    unit.insert_pending_sign_in(&pending).await?;
    unit.audit(&[due]).await?;
    unit.commit().await?;
    let waits = look(tools, portal, &token).await?.ok_or(CardError::Ended)?;
    let comer = Comer {
        portal,
        token: &token,
        language: returned.language,
        visitor: returned.visitor,
    };
    let step = match waits.methods.only_destination() {
        // What keeps it from being sent is told by the page, which sends another.
        Some(only) => send(tools, comer, only).await.unwrap_or(waits),
        None => waits,
    };
    Ok(SignInOutcome::SecondStep {
        token,
        step: Box::new(step),
    })
}
