use portique_shared::api::contacts::ContactKind;
use portique_shared::types::OneTimeCode;

use super::send::{of_kind, send};
use super::{Changer, ContactError, Contacts, Unfit, live};
use crate::account::Account;
use crate::audit::{AuditAction, AuditResult};
use crate::contact::{Contact, ContactChange, is_main_address, with};
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::Tools;
use crate::use_cases::tries::{self, Counted};

/// Takes the code that was typed: the new address or telephone counts from then on, and what else waits gets its own code.
///
/// A try is counted before it is known whether it is right, under the account: another code, or another address, does not begin the
/// count anew. Of any number of right ones at one instant, one succeeds.
///
/// # Errors
/// [`ContactError::Ended`] when nothing waits (any more).
pub async fn confirm(
    tools: &Tools,
    changer: Changer<'_>,
    kind: ContactKind,
    code: &OneTimeCode,
) -> Result<Contacts, ContactError> {
    let done = take(tools, changer, kind, code).await?;
    let next = done.pending.iter().find(|change| change.sent.is_none());
    let Some(next) = next.map(|change| change.new.kind()) else {
        return Ok(done);
    };
    match send(tools, changer, next).await {
        // The page offers to have it sent.
        Err(ContactError::TooOften { .. } | ContactError::Ended) => Ok(done),
        sent => sent,
    }
}

async fn take(
    tools: &Tools,
    changer: Changer<'_>,
    kind: ContactKind,
    code: &OneTimeCode,
) -> Result<Contacts, ContactError> {
    let now = tools.clock.now();
    let portal = &changer.portal.name;
    let known = tools.store.contact_changes(changer.session.account.id).await?;
    let known = of_kind(known, kind, now).ok_or(ContactError::Ended)?;
    let told =
        |account: &Account, result| changer.event(account, AuditAction::ContactChanged, kind, result, now);
    let mut unit = tools.store.begin().await?;
    let key = ThrottleKey::text(ThrottleKind::ContactWrong, portal, &known.account.0.to_string());
    let counted = match tries::reserve(unit.as_mut(), &[key], now).await? {
        Ok(counted) => counted,
        Err(Blocked { retry_after }) => {
            let result = AuditResult::Throttled;
            unit.audit(&[told(&changer.session.account, result)]).await?;
            unit.commit().await?;
            return Err(ContactError::Blocked { retry_after });
        }
    };
    let account = changer.lock(unit.as_mut()).await?;
    let mut pending = live(unit.contact_changes(account.id).await?, now);
    let place = pending.iter().position(|change| change.id == known.id);
    let mut change = pending.remove(place.ok_or(ContactError::Ended)?);
    if let Err((result, error)) = judge(tools, &mut change, code, now) {
        refuse(unit.as_mut(), &change, &counted, result).await?;
        unit.audit(&[told(&account, result)]).await?;
        unit.commit().await?;
        return Err(error);
    }
    if matches!(&change.new, Contact::Email(email) if is_main_address(&account.record, email)) {
        // The agency gave the account that main address meanwhile.
        return Err(ContactError::Unfit(vec![(kind, Unfit::MainAddress)]));
    }
    tries::forgive(unit.as_mut(), &counted).await?;
    unit.delete_contact_changes(account.id, Some(kind)).await?;
    let record = with(&account.record, kind, Some(&change.new));
    let told_of = [change.new.told()];
    changer
        .write(tools, unit.as_mut(), &account, &record, &told_of, now)
        .await?;
    unit.audit(&[told(&account, AuditResult::Success)]).await?;
    unit.commit().await?;
    // The address is in its place: where this fails, it keeps a count of codes for a day, and the person is told no error.
    drop(give_back(tools, &known.new.share(portal)).await);
    Ok(Contacts { record, pending })
}

/// Clears what codes to the new address were counted by; by itself, since others count by it too, and wait for no account.
async fn give_back(tools: &Tools, share: &ThrottleKey) -> Result<(), StoreError> {
    let mut unit = tools.store.begin().await?;
    unit.clear_throttle(share).await?;
    unit.commit().await
}

/// Whether the code is the one that was sent; a wrong one is counted.
fn judge(
    tools: &Tools,
    change: &mut ContactChange,
    code: &OneTimeCode,
    now: jiff::Timestamp,
) -> Result<(), (AuditResult, ContactError)> {
    let useless = Err((AuditResult::CodeSpent, ContactError::CodeSpent));
    let Some(sent) = change.sent.as_ref().filter(|sent| sent.is_good(now)) else {
        return useless;
    };
    if change.is_sealed_in(&tools.keyring, code, sent.seal) {
        return Ok(());
    }
    let mut error = ContactError::WrongCode;
    if let Some(sent) = &mut change.sent {
        sent.wrong += 1;
        if !sent.is_good(now) {
            error = ContactError::CodeSpent;
        }
    }
    Err((AuditResult::WrongCode, error))
}

async fn refuse(
    unit: &mut dyn UnitOfWork,
    change: &ContactChange,
    counted: &Counted,
    result: AuditResult,
) -> Result<(), ContactError> {
    if result == AuditResult::CodeSpent {
        // Nothing was guessed at: the message was late.
        tries::forgive(unit, counted).await?;
    }
    unit.save_contact_change(change).await?;
    Ok(())
}
