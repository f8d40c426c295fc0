use jiff::{SignedDuration, Timestamp};
use portique_shared::api::contacts::ContactKind;

use super::{Changer, ContactError, Contacts, live};
use crate::audit::{AuditAction, AuditResult};
use crate::contact::{Contact, ContactChange, destination};
use crate::outbox::{Message, QueuedMessage};
use crate::reference::Reference;
use crate::second_step::{CODE_LIFETIME, SentCode, generate_code};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
use crate::use_cases::Tools;
use crate::use_cases::second_step::spend_sms;
use crate::use_cases::tries::{self, Counted, Ready};

/// Sends a code, or another one: the one before is good for nothing then.
///
/// # Errors
/// [`ContactError::TooOften`] within 30 seconds of the code before, and by the limits of the account, of the address or telephone,
/// of the client and of the portal. The code before stays as good as it was.
pub async fn send(tools: &Tools, changer: Changer<'_>, kind: ContactKind) -> Result<Contacts, ContactError> {
    let now = tools.clock.now();
    let known = tools.store.contact_changes(changer.session.account.id).await?;
    let known = of_kind(known, kind, now).ok_or(ContactError::Ended)?;
    // Before anything is counted: whoever clicks twice loses nothing by it.
    soon_enough(&known, now)?;
    let counted = count(tools, changer, &known.new, now).await?;
    let ready = ready_to_send(tools, changer, &known, now).await;
    tries::commit_or_undo(tools, Some(&counted), ready).await
}

fn soon_enough(change: &ContactChange, now: Timestamp) -> Result<(), ContactError> {
    let wait = change.sent.as_ref().map(|sent| sent.resend_after(now));
    match wait.filter(SignedDuration::is_positive) {
        Some(retry_after) => Err(ContactError::TooOften { retry_after }),
        None => Ok(()),
    }
}

/// A code that is counted already, and is sent with the commit.
async fn ready_to_send(
    tools: &Tools,
    changer: Changer<'_>,
    known: &ContactChange,
    now: Timestamp,
) -> Result<Ready<Contacts>, ContactError> {
    let (mut unit, account) = changer.begin(tools).await?;
    let mut pending = live(unit.contact_changes(account.id).await?, now);
    let change = pending.iter_mut().find(|change| change.id == known.id);
    let change = change.ok_or(ContactError::Ended)?;
    // Another may have been sent meanwhile.
    soon_enough(change, now)?;
    let message = new_code(tools, changer, change, now);
    unit.save_contact_change(change).await?;
    unit.enqueue(&[message]).await?;
    let (action, kind) = (AuditAction::ContactCodeSent, known.new.kind());
    unit.audit(&[changer.event(&account, action, kind, AuditResult::Success, now)])
        .await?;
    let outcome = Contacts {
        record: account.record,
        pending,
    };
    Ok(Ready {
        unit,
        done: true,
        outcome,
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
///
/// By itself: whoever waits for the account afterwards keeps nobody from what strangers count by.
pub(super) async fn count(
    tools: &Tools,
    changer: Changer<'_>,
    to: &Contact,
    now: Timestamp,
) -> Result<Counted, ContactError> {
    let (portal, account) = (changer.portal, changer.session.account.id);
    // In the locks' order.
    let keys = [
        ThrottleKey::text(ThrottleKind::ContactAccount, &portal.name, &account.0.to_string()),
        to.share(&portal.name),
        ThrottleKey::client(ThrottleKind::CodeAddress, &portal.name, changer.address),
        ThrottleKey::portal(ThrottleKind::CodePortal, &portal.name),
    ];
    let mut unit = tools.store.begin().await?;
    let counted = match tries::reserve(unit.as_mut(), &keys, now).await? {
        Ok(codes) if to.kind() == ContactKind::RescuePhone => {
            match spend_sms(unit.as_mut(), portal, account, changer.address, now).await? {
                Ok(sms) => Ok(codes.and(sms)),
                Err(blocked) => {
                    tries::forgive(unit.as_mut(), &codes).await?;
                    Err(blocked)
                }
            }
        }
        counted => counted,
    };
    if counted.is_err() {
        let (known, action) = (&changer.session.account, AuditAction::ContactCodeSent);
        unit.audit(&[changer.event(known, action, to.kind(), AuditResult::Throttled, now)])
            .await?;
    }
    unit.commit().await?;
    counted.map_err(|Blocked { retry_after }| ContactError::TooOften { retry_after })
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
