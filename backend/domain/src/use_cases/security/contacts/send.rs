use jiff::{SignedDuration, Timestamp};
use portique_shared::api::contacts::ContactKind;

use super::{Changer, ContactError, Contacts, live};
use crate::account::AccountId;
use crate::audit::{AuditAction, AuditResult};
use crate::contact::{Contact, ContactChange, destination};
use crate::outbox::{Message, QueuedMessage};
use crate::portal::PortalName;
use crate::reference::Reference;
use crate::second_step::{CODE_LIFETIME, SentCode, generate_code};
use crate::throttle::{Blocked, ThrottleKey, ThrottleKind};
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
    let keys = limits(changer, known.account, &known.new);
    let counted = tries::reserve(unit.as_mut(), &keys, now).await?;
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

/// What codes to new contacts are counted by, in the locks' order. The shares of addresses and portals are those of sign-ins' codes:
/// one mail server bears them all.
pub(super) fn limits(changer: Changer<'_>, account: AccountId, to: &Contact) -> [ThrottleKey; 4] {
    let portal: &PortalName = &changer.portal.name;
    [
        ThrottleKey::text(ThrottleKind::ContactAccount, portal, &account.0.to_string()),
        to.share(portal),
        ThrottleKey::client(ThrottleKind::CodeAddress, portal, changer.address),
        ThrottleKey::portal(ThrottleKind::CodePortal, portal),
    ]
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
