use std::collections::BTreeMap;

use jiff::Timestamp;
use portique_shared::api::contacts::ContactKind;

use super::send::{count, new_code};
use super::{Changer, ContactError, Contacts, SecurityError, Unfit, live};
use crate::account::{Account, Record};
use crate::audit::{AuditAction, AuditResult};
use crate::contact::{
    CHANGE_LIFETIME, Contact, ContactChange, is_main_address, offers_phone, told_of_removal, with,
};
use crate::entropy::new_id;
use crate::second_step::{Methods, SentCode, is_asked, takes_sms};
use crate::store::UnitOfWork;
use crate::use_cases::Tools;
use crate::use_cases::tries::{self, Ready};

/// What the person wants in the record; `None` for what is to be removed. What is absent stays as it is.
pub type Wanted = BTreeMap<ContactKind, Option<Contact>>;

/// Removes at once what is to be removed, and lets what is new wait for its code, which is sent to the first of them. The same form
/// sent twice sends one code; one that names nothing new sends none.
///
/// # Errors
/// - [`ContactError::Unfit`] for a telephone that SMS don't reach, and for the main address once more;
/// - [`SecurityError::FactorNeeded`] where the removal would leave no second factor to whom one is asked of;
/// - [`ContactError::TooOften`], with which nothing is changed.
pub async fn update(tools: &Tools, changer: Changer<'_>, wanted: &Wanted) -> Result<Contacts, ContactError> {
    let now = tools.clock.now();
    changer.may_change(tools, now).await?;
    judge(changer, wanted)?;
    let known = &changer.session.account;
    let waiting = live(tools.store.contact_changes(known.id).await?, now);
    let first = to_be_sent(&known.record, wanted, &waiting, now);
    let counted = match first {
        Some(first) => Some(count(tools, changer, first, now).await?),
        None => None,
    };
    let ready = write_down(tools, changer, wanted, first, now).await;
    tries::commit_or_undo(tools, counted.as_ref(), ready).await
}

/// Writes down what is wanted, and sends a code to `first`, which is counted already, both with the commit.
async fn write_down(
    tools: &Tools,
    changer: Changer<'_>,
    wanted: &Wanted,
    first: Option<&Contact>,
    now: Timestamp,
) -> Result<Ready<Contacts>, ContactError> {
    let (mut unit, account) = changer.begin(tools).await?;
    let waiting = live(unit.contact_changes(account.id).await?, now);
    let mut pending = plan(tools, &account, wanted, waiting, now);
    let removed = removed(&account.record, wanted);
    let record = removed
        .iter()
        .fold(account.record.clone(), |record, kind| with(&record, *kind, None));
    if !removed.is_empty() {
        require_factor(changer, unit.as_mut(), &account, &record).await?;
    }
    let mut events = Vec::new();
    // No other than the one that was counted.
    let first = pending
        .iter_mut()
        .find(|change| Some(&change.new) == first && !was_sent_just_now(change, now));
    let message = first.map(|change| {
        let (action, kind) = (AuditAction::ContactCodeSent, change.new.kind());
        events.push(changer.event(&account, action, kind, AuditResult::Success, now));
        new_code(tools, changer, change, now)
    });
    unit.delete_contact_changes(account.id, None).await?;
    for change in &pending {
        unit.save_contact_change(change).await?;
    }
    if !removed.is_empty() {
        let told_of: Vec<_> = removed.iter().copied().map(told_of_removal).collect();
        changer
            .write(tools, unit.as_mut(), &account, &record, &told_of, now)
            .await?;
    }
    unit.enqueue(message.as_slice()).await?;
    events.extend(removed.iter().map(|kind| {
        changer.event(
            &account,
            AuditAction::ContactRemoved,
            *kind,
            AuditResult::Success,
            now,
        )
    }));
    if !events.is_empty() {
        unit.audit(&events).await?;
    }
    Ok(Ready {
        unit,
        done: message.is_some(),
        outcome: Contacts { record, pending },
    })
}

/// Refuses what can't be taken, all of it at once. What the record has already is the agency's affair.
fn judge(changer: Changer<'_>, wanted: &Wanted) -> Result<(), ContactError> {
    let record = &changer.session.account.record;
    let factor = &changer.portal.second_factor;
    let offered = offers_phone(factor, record);
    if wanted.contains_key(&ContactKind::RescuePhone) && !offered {
        return Err(SecurityError::NotOffered.into());
    }
    let unfit: Vec<_> = news(record, wanted)
        .filter_map(|new| {
            match new {
                Contact::Email(email) if is_main_address(record, email) => Some(Unfit::MainAddress),
                Contact::Phone(phone) if !takes_sms(factor, record, phone) => Some(Unfit::NotMobile),
                Contact::Email(_) | Contact::Phone(_) => None,
            }
            .map(|unfit| (new.kind(), unfit))
        })
        .collect();
    if unfit.is_empty() {
        Ok(())
    } else {
        Err(ContactError::Unfit(unfit))
    }
}

/// What is wanted and not in the record.
fn news<'a>(record: &'a Record, wanted: &'a Wanted) -> impl Iterator<Item = &'a Contact> {
    wanted
        .values()
        .flatten()
        .filter(|new| Contact::in_record(new.kind(), record).as_ref() != Some(*new))
}

/// What is in the record and not wanted.
fn removed(record: &Record, wanted: &Wanted) -> Vec<ContactKind> {
    let gone = wanted.iter().filter(|(_, new)| new.is_none());
    gone.map(|(kind, _)| *kind)
        .filter(|kind| Contact::in_record(*kind, record).is_some())
        .collect()
}

/// Where a code has to go now, if one has.
fn to_be_sent<'a>(
    record: &'a Record,
    wanted: &'a Wanted,
    waiting: &[ContactChange],
    now: Timestamp,
) -> Option<&'a Contact> {
    let first = news(record, wanted).next()?;
    let same = waiting.iter().find(|change| change.new == *first);
    (!same.is_some_and(|change| was_sent_just_now(change, now))).then_some(first)
}

fn was_sent_just_now(change: &ContactChange, now: Timestamp) -> bool {
    let wait = |sent: &SentCode| sent.is_good(now) && sent.resend_after(now).is_positive();
    change.sent.as_ref().is_some_and(wait)
}

/// What waits for its code from now on: what is new, and what is not spoken of.
fn plan(
    tools: &Tools,
    account: &Account,
    wanted: &Wanted,
    waiting: Vec<ContactChange>,
    now: Timestamp,
) -> Vec<ContactChange> {
    let mut pending: Vec<ContactChange> = waiting
        .into_iter()
        .filter(|change| match wanted.get(&change.new.kind()) {
            None => true,
            Some(new) => new.as_ref() == Some(&change.new) && was_sent_just_now(change, now),
        })
        .collect();
    for new in news(&account.record, wanted) {
        if pending.iter().all(|change| change.new != *new) {
            pending.push(ContactChange {
                id: new_id(tools.entropy.as_ref(), now),
                account: account.id,
                new: new.clone(),
                expires_at: now + CHANGE_LIFETIME,
                sent: None,
            });
        }
    }
    pending.sort_by_key(|change| change.new.kind());
    pending
}

/// Whether, with that record, the person can still prove who they are a second time where that is asked of them.
async fn require_factor(
    changer: Changer<'_>,
    unit: &mut dyn UnitOfWork,
    account: &Account,
    record: &Record,
) -> Result<(), ContactError> {
    let portal = &changer.portal.second_factor;
    let held = unit.factors(account.id).await?;
    if is_asked(portal, account) && !Methods::of(portal, record, &held).any_lasting() {
        return Err(SecurityError::FactorNeeded.into());
    }
    Ok(())
}
