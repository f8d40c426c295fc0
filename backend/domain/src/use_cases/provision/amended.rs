use jiff::Timestamp;
use portique_shared::api::contacts::ContactKind;

use crate::account::{Account, AccountId, PasswordState, Record};
use crate::contact::{Contact, told_of_removal};
use crate::link::Target;
use crate::masking;
use crate::outbox::{Mailbox, Message, QueuedMessage, SecurityChange};
use crate::store::{StoreError, UnitOfWork};
use crate::use_cases::{Tools, security};

/// An account as it was before the agency changed its record, and what the record is now.
pub(super) struct Amended<'a> {
    pub(super) before: &'a Account,
    pub(super) record: &'a Record,
}

/// What a changed record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// What went to older addresses, and what stood in for it.
    Sent,
    /// That, and the sessions: they were opened while a password was enough, or another person's card.
    Sessions,
}

impl Amended<'_> {
    pub(super) fn ends(&self) -> Option<Ends> {
        let gains_privileges = self.record.privileges.any() && !self.before.record.privileges.any();
        if gains_privileges || self.loses_number() {
            Some(Ends::Sessions)
        } else if self.changes_email() || self.contacts().next().is_some() {
            Some(Ends::Sent)
        } else {
            None
        }
    }

    /// Whether a card of the number that stood there opened the account, and does not any more.
    fn loses_number(&self) -> bool {
        let before = &self.before.record.national_id;
        before.is_some() && *before != self.record.national_id
    }

    /// The invitation that has left went to an address that was wrong: another leaves, and the older provisional password dies
    /// with it.
    pub(super) fn invites_again(&self) -> bool {
        self.before.password.is_provisional() && self.changes_email()
    }

    /// The rescue contacts that are others now; `None` for one that is none any more.
    pub(super) fn contacts(&self) -> impl Iterator<Item = (ContactKind, Option<Contact>)> {
        [ContactKind::RescueEmail, ContactKind::RescuePhone]
            .into_iter()
            .map(|kind| (kind, Contact::in_record(kind, self.record)))
            .filter(|(kind, new)| Contact::in_record(*kind, &self.before.record) != *new)
    }

    /// The messages that tell of changed addresses and telephones, as if the person had changed them: to the main address and to the
    /// rescue one as it was; where the main one changes, to that as it was beside. Who never chose a password never gave a contact
    /// either: they are told nothing, and the mailbox that their invitation must not go to is not either.
    pub(super) fn told(&self, tools: &Tools, now: Timestamp) -> Vec<QueuedMessage> {
        let before = self.before;
        if !matches!(before.password, PasswordState::Definitive { .. }) {
            return Vec::new();
        }
        let main = self.changes_email().then(|| SecurityChange::MainEmailChanged {
            masked: masking::address(&self.record.email),
        });
        let contacts = self
            .contacts()
            .map(|(kind, new)| new.map_or_else(|| told_of_removal(kind), |new| new.told()));
        let mut messages = Vec::new();
        for change in main.into_iter().chain(contacts) {
            messages.extend(security::told(tools, before, &change, before.language, now));
            if self.changes_email() {
                let message = Message::SecurityChanged {
                    change,
                    at: now,
                    language: before.language,
                    to: Mailbox::Main,
                    former: Some(before.record.email.clone()),
                };
                messages.push(tools.message(&message, &before.portal, Some(before.id), now));
            }
        }
        messages
    }

    fn changes_email(&self) -> bool {
        self.record.email != self.before.record.email
    }
}

impl Ends {
    pub(super) async fn carry_out(
        self,
        unit: &mut dyn UnitOfWork,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sessions => drop(unit.delete_sessions_of(account).await?),
            Self::Sent => {
                unit.delete_pending_sign_ins_of(account).await?;
                // What somebody began before the agency corrected the record would take its place again.
                unit.delete_contact_changes(account, None).await?;
                unit.forget_browsers(account).await?;
            }
        }
        unit.replace_links(Target::NewPassword(account), now).await
    }
}
