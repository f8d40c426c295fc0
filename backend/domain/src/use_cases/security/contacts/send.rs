use jiff::{SignedDuration, Timestamp};
use portique_shared::api::contacts::ContactKind;

use super::{Changer, ContactError, Contacts, live};
use crate::audit::{AuditAction, AuditResult};
use crate::contact::{Contact, ContactChange, destination};
use crate::outbox::{Message, QueuedMessage};
use crate::reference::Reference;
use crate::second_step::{CODE_LIFETIME, SentCode, generate_code};
use crate::store::{StoreError, UnitOfWork};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::second_step::spend_sms;
use crate::use_cases::{Tools, tries};

/// Sends a code, or another one: the one before is good for nothing then.
///
/// # Errors
/// [`ContactError::TooOften`] within 30 seconds of the code before, and by the limits of the account, of the address or telephone,
/// of the client and of the portal. The code before stays as good as it was.
pub async fn send(tools: &Tools, changer: Changer<'_>, kind: ContactKind) -> Result<Contacts, ContactError> {
    let now = tools.clock.now();
    let known = tools.store.contact_changes(changer.session.account.id).await?;
    let known = of_kind(known, kind, now).ok_or(ContactError::Ended)?;
    let mut unit = tools.store.begin().await?;
    let counted = reserve(unit.as_mut(), changer, &known.new, now).await?;
    let account = changer.lock(unit.as_mut()).await?;
    let pending = live(unit.contact_changes(account.id).await?, now);
    let change = pending.iter().find(|change| change.id == known.id).cloned();
    let mut change = change.ok_or(ContactError::Ended)?;
    let wait = change.sent.as_ref().map(|sent| sent.resend_after(now));
    if let Some(retry_after) = wait.filter(SignedDuration::is_positive) {
        // Dropped, the transaction counts nothing: whoever clicks twice loses nothing by it.
        return Err(ContactError::TooOften { retry_after });
    }
    let told = |result| changer.event(&account, AuditAction::ContactCodeSent, kind, result, now);
    if let Err(Blocked { retry_after }) = counted {
        unit.audit(&[told(AuditResult::Throttled)]).await?;
        unit.commit().await?;
        return Err(ContactError::TooOften { retry_after });
    }
    let message = new_code(tools, changer, &mut change, now);
    unit.save_contact_change(&change).await?;
    unit.enqueue(&[message]).await?;
    unit.audit(&[told(AuditResult::Success)]).await?;
    unit.commit().await?;
    let pending = pending
        .into_iter()
        .map(|older| {
            if older.id == change.id {
                change.clone()
            } else {
                older
            }
        })
        .collect();
    Ok(Contacts {
        record: account.record,
        pending,
    })
}

/// The account's change of that kind that waits for its code.
pub(super) fn of_kind(
    changes: Vec<ContactChange>,
    kind: ContactKind,
    now: Timestamp,
) -> Option<ContactChange> {
    live(changes, now)
        .into_iter()
        .find(|change| change.new.kind() == kind)
}

/// Counts a code to a new contact, or tells until when none can be sent. The shares of addresses and portals are those of sign-ins'
/// codes, by mail and by SMS: one mail server and one budget bear them all.
pub(super) async fn reserve(
    unit: &mut dyn UnitOfWork,
    changer: Changer<'_>,
    to: &Contact,
    now: Timestamp,
) -> Result<Result<(), Blocked>, StoreError> {
    let (portal, account) = (changer.portal, changer.session.account.id);
    // In the locks' order.
    let keys = [
        ThrottleKey::text(ThrottleKind::ContactAccount, &portal.name, &account.0.to_string()),
        to.share(&portal.name),
        ThrottleKey::client(ThrottleKind::CodeAddress, &portal.name, changer.address),
        ThrottleKey::portal(ThrottleKind::CodePortal, &portal.name),
    ];
    let counted = match tries::reserve(unit, &keys, now).await? {
        Ok(counted) => counted,
        Err(blocked) => return Ok(Err(blocked)),
    };
    if to.kind() == ContactKind::RescueEmail {
        return Ok(Ok(()));
    }
    let spent = spend_sms(unit, portal, account, changer.address, now).await?;
    if spent.is_err() {
        tries::forgive(unit, &counted).await?;
    }
    Ok(spent)
}

/// Makes a code for the change, and the message that brings it.
pub(super) fn new_code(
    tools: &Tools,
    changer: Changer<'_>,
    change: &mut ContactChange,
    now: Timestamp,
) -> QueuedMessage {
    let code = generate_code(tools.entropy.as_ref());
    let sent = SentCode {
        seal: change.seal(&tools.keyring, &code),
        to: destination(change.new.kind()),
        reference: Reference::generate(tools.entropy.as_ref()),
        sent_at: now,
        expires_at: now + CODE_LIFETIME,
        wrong: 0,
    };
    let message = Message::ContactCode {
        code,
        to: change.new.clone(),
        reference: sent.reference.clone(),
        language: changer.language,
        expires_at: sent.expires_at,
    };
    // A code that is promised five minutes gets them.
    change.expires_at = change.expires_at.max(sent.expires_at);
    change.sent = Some(sent);
    tools.message(&message, &changer.portal.name, Some(change.account), now)
}
