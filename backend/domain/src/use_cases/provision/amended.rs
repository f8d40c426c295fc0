use jiff::Timestamp;

use crate::account::{Account, AccountId, Record};
use crate::link::Target;
use crate::store::{StoreError, UnitOfWork};

/// An account as it was before the agency changed its record, and what the record is now.
pub(super) struct Amended<'a> {
    pub(super) before: &'a Account,
    pub(super) record: &'a Record,
}

impl Amended<'_> {
    /// Whether something goes elsewhere from now on.
    pub(super) fn moves(&self) -> bool {
        let contacts = |record: &Record| (record.rescue_email.clone(), record.rescue_phone.clone());
        self.changes_email() || contacts(self.record) != contacts(&self.before.record)
    }

    /// The invitation that has left went to an address that was wrong: another leaves, and the older provisional password dies
    /// with it.
    pub(super) fn invites_again(&self) -> bool {
        self.before.password.is_provisional() && self.changes_email()
    }

    fn changes_email(&self) -> bool {
        self.record.email != self.before.record.email
    }
}

/// Ends what went to older addresses, and what stood in for it.
pub(super) async fn end_what_was_sent(
    unit: &mut dyn UnitOfWork,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    unit.delete_pending_sign_ins_of(account).await?;
    // What somebody began before the agency corrected the record would take its place again.
    unit.delete_contact_changes(account, None).await?;
    unit.forget_browsers(account).await?;
    unit.replace_links(Target::NewPassword(account), now).await
}
